//! Has path parameters encoded by the crate that the source is included in.

use callrounded_document::Document;
use syn::{File, Item, UseTree};

pub(super) fn change(_: &Document, source: &mut File) -> Result<(), String> {
    let mut removed = false;
    for item in &mut source.items {
        let Item::Use(item) = item else { continue };
        let UseTree::Path(path) = &mut item.tree else { continue };
        let UseTree::Group(group) = &mut *path.tree else {
            continue;
        };
        let is_it = |tree: &UseTree| matches!(tree, UseTree::Name(name) if name.ident == "encode_path");
        if group.items.iter().any(is_it) {
            group.items = group.items.iter().filter(|tree| !is_it(tree)).cloned().collect();
            removed = true;
        }
    }
    if !removed {
        return Err("`encode_path` is not imported".to_owned());
    }
    source.items.insert(
        0,
        syn::parse_quote! {
            #[allow(unused_imports)]
            use crate::encode_path_segment as encode_path;
        },
    );
    Ok(())
}
