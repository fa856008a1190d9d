//! What typify and progenitor make of a name.

use heck::{ToPascalCase, ToSnakeCase};

/// Symbols that are all the difference between two names, in words.
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

/// The name that typify makes of a property.
pub(super) fn field(name: &str) -> String {
    identifier(name, str::to_snake_case, "x")
}

/// The name that typify makes of a value.
pub(super) fn variant(value: &str) -> String {
    identifier(value, str::to_pascal_case, "X")
}

/// The name that typify makes of a value where the first is that of another: with an X for each character that it leaves out.
pub(super) fn full_variant(value: &str) -> String {
    variant(&value.replace(|c| c == '_' || !unicode_ident::is_xid_continue(c), "X"))
}

/// The name that progenitor makes of a parameter.
pub(crate) fn argument(name: &str) -> String {
    identifier(name, str::to_snake_case, "_")
}

/// What typify and progenitor make of a name alike.
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
        // A keyword gets an underscore, which makes it that of no other.
        _ => format!("{prefix}{out}"),
    }
}
