//! Has the address of a request made by [`Exchange::url`] of the crate that the source is included in, of the base and the path.
//! progenitor writes both into one text, which reqwest parses: scheme, host and all, for each request.
//!
//! [`Exchange::url`]: crate::generate

use callrounded_document::Document;
use quote::ToTokens;
use syn::{Expr, ExprLit, File, Lit, LitStr, Pat, Stmt, Token, parse_quote, punctuated::Punctuated};

use super::find;

pub(super) fn change(document: &Document, source: &mut File) -> Result<(), String> {
    find::change_operations(document, source, "statements make an address of the base", |block| {
        block.stmts.iter_mut().filter_map(change_in).count()
    })
}

/// `let url = format!("{}/v1/calls/{}", client.baseurl, …);`
fn change_in(statement: &mut Stmt) -> Option<()> {
    let Stmt::Local(local) = statement else { return None };
    if !matches!(&local.pat, Pat::Ident(pat) if pat.ident == "url") {
        return None;
    }
    let init = local.init.as_mut()?;
    let Expr::Macro(format) = &*init.expr else { return None };
    let arguments = format
        .mac
        .parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated)
        .ok()?;
    let mut arguments = arguments.into_iter();
    let Expr::Lit(ExprLit {
        lit: Lit::Str(text), ..
    }) = arguments.next()?
    else {
        return None;
    };
    let base = arguments.next()?;
    if base.to_token_stream().to_string() != "client . baseurl" {
        return None;
    }
    let path = LitStr::new(text.value().strip_prefix("{}")?, text.span());
    *init.expr = parse_quote!(
        client
            .inner
            .url(&client.baseurl, &format!(#path, #(#arguments),*))
            .map_err(Error::InvalidRequest)?
    );
    Some(())
}
