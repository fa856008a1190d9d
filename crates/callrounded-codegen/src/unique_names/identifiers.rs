//! The Rust identifiers that typify and progenitor make of names.

use heck::{ToPascalCase, ToSnakeCase};

/// Replaces comparison operators by words: they may be the only difference between two names.
pub(super) fn words(name: &str) -> String {
    let mut words = name.to_owned();
    for (symbol, word) in [
        ("<=", "lte"),
        (">=", "gte"),
        ("!=", "ne"),
        ("<", "lt"),
        (">", "gt"),
        ("=", "eq"),
    ] {
        words = words.replace(symbol, &format!(" {word} "));
    }
    words.trim().to_owned()
}

/// Returns the field that typify makes of a property.
pub(super) fn field(name: &str) -> String {
    identifier(name, str::to_snake_case, "x")
}

/// Returns the variant that typify makes of a value.
pub(super) fn variant(value: &str) -> String {
    identifier(value, str::to_pascal_case, "X")
}

/// Returns the variant that typify makes of a value if [`variant`] is not unique: each character that is left out
/// becomes an X.
pub(super) fn full_variant(value: &str) -> String {
    variant(&value.replace(|c| c == '_' || !unicode_ident::is_xid_continue(c), "X"))
}

/// Returns the argument that progenitor makes of a parameter.
pub(crate) fn argument(name: &str) -> String {
    identifier(name, str::to_snake_case, "_")
}

/// Returns the type that progenitor makes of an operation.
pub(crate) fn operation(id: &str) -> String {
    identifier(&identifier(id, str::to_snake_case, "_"), str::to_pascal_case, "_")
}

/// The rules that typify and progenitor share.
fn identifier(name: &str, case: fn(&str) -> String, prefix: &str) -> String {
    let out = match name {
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        _ => case(
            &name
                .replace('\'', "")
                .replace(|c| !unicode_ident::is_xid_continue(c), "-"),
        ),
    };
    match out.chars().next() {
        Some(first) if unicode_ident::is_xid_start(first) => out,
        // A keyword gets an underscore later. This cannot make two identifiers equal.
        Some(_) => format!("{prefix}{out}"),
        None => case("x"),
    }
}
