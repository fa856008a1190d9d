//! Takes out the statement that adds the header; the map that it added to stays for headers of the document.

use callrounded_document::Document;
use quote::ToTokens;
use syn::{Block, File, ImplItem, Item, Stmt};

use super::find;

pub(super) fn change(document: &Document, source: &mut File) -> Result<(), String> {
    let mut removed = 0;
    for item in find::module(source, &["builder"])? {
        let Item::Impl(item) = item else { continue };
        for member in &mut item.items {
            if let ImplItem::Fn(function) = member {
                removed += remove_from(&mut function.block);
            }
        }
    }
    let expected = document.operations().len();
    if removed == expected {
        Ok(())
    } else {
        Err(format!(
            "{removed} statements add the header, not one in each of {expected} operations"
        ))
    }
}

fn remove_from(block: &mut Block) -> usize {
    let before = block.stmts.len();
    block.stmts.retain(|statement| {
        let adds = matches!(statement, Stmt::Expr(syn::Expr::MethodCall(call), _) if call.method == "append");
        // Headers of the document are appended by their name alone.
        let text = statement.to_token_stream().to_string();
        !(adds && text.contains("from_static (\"api-version\")"))
    });
    before - block.stmts.len()
}
