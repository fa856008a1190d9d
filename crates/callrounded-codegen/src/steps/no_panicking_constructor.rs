//! Takes out `Client::new`; `Client::new_with_client` stays.

use callrounded_document::Document;
use syn::{File, ImplItem, Item};

use super::find;

pub(super) fn change(_: &Document, source: &mut File) -> Result<(), String> {
    let mut removed = false;
    for item in &mut source.items {
        let Item::Impl(item) = item else { continue };
        if item.trait_.is_none() && find::implemented(item).is_some_and(|name| name == "Client") {
            item.items.retain(|member| {
                let it = matches!(member, ImplItem::Fn(function) if function.sig.ident == "new");
                removed |= it;
                !it
            });
        }
    }
    if removed {
        Ok(())
    } else {
        Err("there is no `Client::new`".to_owned())
    }
}
