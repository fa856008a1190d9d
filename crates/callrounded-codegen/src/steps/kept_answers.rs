//! Has each operation end with [`Exchange::answer`] of the crate that the source is included in, and decodes what that
//! gives where it lies. progenitor's hook can give nothing but an answer of reqwest's, which for one whose body has been
//! read already has to be put together again: with an address made up, headers copied twice, and the body collected anew.
//!
//! [`Exchange::answer`]: crate::generate

use callrounded_document::Document;
use quote::ToTokens;
use syn::{Block, Expr, File, Item, Pat, Stmt, parse_quote};

use super::find;

pub(super) fn change(document: &Document, source: &mut File) -> Result<(), String> {
    // Nothing calls hooks any more, and so nobody is to write some.
    let before = source.items.len();
    source.items.retain(|item| {
        let hooks = |item: &syn::ItemImpl| {
            let trait_ = item.trait_.as_ref().and_then(|(path, _)| path.segments.last());
            trait_.is_some_and(|name| name.ident == "ClientHooks")
        };
        !matches!(item, Item::Impl(item) if hooks(item))
    });
    if source.items.len() + 1 != before {
        return Err("`ClientHooks` is not implemented once".to_owned());
    }
    find::change_operations(
        document,
        source,
        "functions send a request and match its answer",
        |block| usize::from(change_in(block).is_some()),
    )
}

/// `let info = …; client.pre(…)?; let result = client.exec(…); client.post(…)?; let response = result?; match …`
fn change_in(block: &mut Block) -> Option<()> {
    let (tail, before) = block.stmts.split_last_mut()?;
    let Stmt::Expr(Expr::Match(by_status), None) = tail else {
        return None;
    };
    let info = before.iter().position(|statement| binds(statement, "info"))?;
    let hooks: Vec<String> = before
        .get(info + 1..)?
        .iter()
        .map(|it| it.to_token_stream().to_string())
        .collect();
    let [pre, exec, post, response] = hooks.as_slice() else {
        return None;
    };
    let expected = [
        (pre, "client . pre ("),
        (exec, "let result = client . exec ("),
        (post, "client . post ("),
        (response, "let response = result ? ;"),
    ];
    if !expected.iter().all(|(statement, start)| statement.starts_with(start)) {
        return None;
    }
    for arm in &mut by_status.arms {
        let mut body = match &*arm.body {
            Expr::Block(body) => body.block.clone(),
            body => parse_quote!({ #body }),
        };
        let decodes = body.to_token_stream().to_string() == "{ ResponseValue :: from_response (response) . await }";
        *arm.body = if decodes {
            parse_quote!(response.decode())
        } else {
            body.stmts
                .insert(0, parse_quote!(let response = response.to_response();));
            parse_quote!(#body)
        };
    }
    block.stmts.splice(
        info + 1..info + 5,
        [parse_quote!(let response = client.inner.answer(&client.client, request, &info).await?;)],
    );
    Some(())
}

fn binds(statement: &Stmt, name: &str) -> bool {
    matches!(statement, Stmt::Local(local) if matches!(&local.pat, Pat::Ident(pat) if pat.ident == name))
}
