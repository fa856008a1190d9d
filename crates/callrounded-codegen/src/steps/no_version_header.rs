//! Removes the statement that adds the header `api-version`, and the map of headers if nothing else is added to it.

use callrounded_document::Document;
use quote::ToTokens;
use syn::{Block, Expr, File, Stmt};

use super::find;

pub(super) fn change(document: &Document, source: &mut File) -> Result<(), String> {
    find::change_operations(document, source, "statements that add the header", remove_from)
}

fn remove_from(block: &mut Block) -> usize {
    let removed = remove_statement(block);
    if removed > 0 {
        remove_empty_map(block);
    }
    removed
}

fn remove_empty_map(block: &mut Block) {
    let uses = |statement: &Stmt| statement.to_token_stream().to_string().matches("header_map").count();
    // One use creates the map, the other passes it to the request.
    if block.stmts.iter().map(uses).sum::<usize>() != 2 {
        return;
    }
    block.stmts.retain(|statement| {
        !statement
            .to_token_stream()
            .to_string()
            .starts_with("let mut header_map =")
    });
    for statement in &mut block.stmts {
        if let Stmt::Local(syn::Local { init: Some(init), .. }) = statement {
            remove_from_chain(&mut init.expr);
        }
    }
}

/// Removes `.headers(header_map)` from a chain of calls.
fn remove_from_chain(expression: &mut Expr) {
    match expression {
        Expr::Try(tried) => remove_from_chain(&mut tried.expr),
        Expr::MethodCall(call) if call.args.to_token_stream().to_string() == "header_map" => {
            *expression = (*call.receiver).clone();
        }
        Expr::MethodCall(call) => remove_from_chain(&mut call.receiver),
        _ => {}
    }
}

fn remove_statement(block: &mut Block) -> usize {
    let before = block.stmts.len();
    block.stmts.retain(|statement| {
        let adds = matches!(statement, Stmt::Expr(Expr::MethodCall(call), _) if call.method == "append");
        // Headers of the document are appended by name, without `from_static`.
        let source = statement.to_token_stream().to_string();
        !(adds && source.contains("from_static (\"api-version\")"))
    });
    before - block.stmts.len()
}
