//! progenitor's statements that build a request. What they use of progenitor's client is replaced.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Block, Expr, ExprLit, Lit, LitStr, Pat, Stmt, Token, parse_quote, punctuated::Punctuated};

/// Returns the statements from `let url = …` to `let mut request = …`, as the body of a function that returns the
/// request. `None` if `block` has an unknown form.
pub(super) fn statements(block: &Block, optional_body: bool) -> Option<TokenStream> {
    let at = |name: &str| block.stmts.iter().rposition(|statement| binds(statement, name));
    let (url, request) = (at("url")?, at("request")?);
    let mut statements: Vec<Stmt> = block.stmts.get(url..=request)?.to_vec();
    set_url(statements.first_mut()?)?;
    let Stmt::Local(request) = statements.last_mut()? else {
        return None;
    };
    request.attrs.clear();
    let chain = &mut request.init.as_mut()?.expr;
    rewrite_chain(chain, optional_body);
    let Stmt::Local(request) = statements.pop()? else {
        return None;
    };
    let request = request.init?.expr;
    let tokens = replace_client(quote!(#(#statements)*));
    let request = replace_client(request.into_token_stream());
    Some(quote! {
        #tokens
        ::std::result::Result::Ok(#request)
    })
}

/// Checks whether the statement declares the variable. progenitor adds leading underscores if a parameter has the same
/// name.
fn binds(statement: &Stmt, name: &str) -> bool {
    let Stmt::Local(local) = statement else { return false };
    matches!(&local.pat, Pat::Ident(pat) if pat.ident.to_string().trim_start_matches('_') == name)
}

/// Rewrites `let url = format!("{}/v1/things/{}", client.baseurl, …);` to use the base URL of the transport, which is
/// parsed once instead of for each request.
fn set_url(statement: &mut Stmt) -> Option<()> {
    let Stmt::Local(local) = statement else { return None };
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
    let arguments: Vec<Expr> = arguments.collect();
    *init.expr = match arguments.as_slice() {
        [] => parse_quote!(transport_.url(#path)),
        arguments => parse_quote!(transport_.url(&format!(#path, #(#arguments),*))),
    };
    Some(())
}

/// Changes how the chain of calls that builds a request handles the body.
fn rewrite_chain(expression: &mut Expr, optional_body: bool) {
    match expression {
        Expr::Try(tried) => rewrite_chain(&mut tried.expr, optional_body),
        Expr::MethodCall(call) => {
            rewrite_chain(&mut call.receiver, optional_body);
            let receiver = &call.receiver;
            if call.method == "json" && optional_body {
                *expression = parse_quote!(::callrounded_runtime::decode::optional_json(#receiver, body.as_ref()));
            } else if call.method == "form_urlencoded" {
                // Nothing else determines the type of the error.
                *expression =
                    parse_quote!(progenitor_client::RequestBuilderExt::<()>::form_urlencoded(#receiver, &body));
            }
        }
        _ => {}
    }
}

/// Replaces what only exists in progenitor's builders: `client.client`, `encode_path`, and the error that `?` converts
/// to.
fn replace_client(tokens: TokenStream) -> TokenStream {
    let mut out: Vec<TokenTree> = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), replace_client(group.stream()));
                inner.set_span(group.span());
                out.push(inner.into());
            }
            TokenTree::Ident(ident) if ident == "encode_path" => {
                out.extend(quote!(::callrounded_runtime::encode_path_segment));
            }
            TokenTree::Ident(ident) if ident == "client" => {
                // `client.client`: the second name becomes a method of the first.
                let is_member = matches!(out.last(), Some(TokenTree::Punct(dot)) if dot.as_char() == '.');
                if is_member {
                    out.extend(quote!(http()));
                } else {
                    out.push(Ident::new("transport_", Span::call_site()).into());
                }
            }
            TokenTree::Punct(punct) if punct.as_char() == '?' => {
                out.extend(quote!(.map_err(::callrounded_runtime::Error::unbuildable)?));
            }
            token => out.push(token),
        }
    }
    out.into_iter().collect()
}
