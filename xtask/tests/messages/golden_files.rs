//! Checks the golden files as a whole: their keywords and their fingerprints.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use crate::support::golden_directory;

/// Checks whether the tests are updating the golden files.
fn is_updating_golden_files() -> bool {
    std::env::var_os("UPDATE_EXPECT").is_some()
}

/// Ensures that the golden files do not lose messages unnoticed.
#[test]
fn golden_files_cover_every_keyword() {
    if is_updating_golden_files() {
        return;
    }
    let mut headlines = BTreeSet::new();
    let mut keywords: BTreeMap<String, usize> = BTreeMap::new();
    for entry in fs::read_dir(golden_directory().join("messages")).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        for line in text
            .lines()
            .filter(|line| line.starts_with("error[") || line.starts_with("drift["))
        {
            let keyword = line.split(['[', ']']).nth(1).unwrap().to_owned();
            if headlines.insert(line.to_owned()) {
                *keywords.entry(keyword).or_default() += 1;
            }
        }
    }
    assert!(headlines.len() >= 120, "{} distinct messages", headlines.len());
    for keyword in [
        "additionalProperties",
        "anyOf",
        "discriminator",
        "duplicate",
        "enum",
        "expected",
        "externalValue",
        "format",
        "generation",
        "half-character",
        "json",
        "json-schema",
        "maxItems",
        "maxLength",
        "maxProperties",
        "maximum",
        "minItems",
        "minLength",
        "minProperties",
        "minimum",
        "multipleOf",
        "not",
        "oneOf",
        "overflow",
        "pattern",
        "properties",
        "readOnly",
        "required",
        "rust-type",
        "type",
        "uniqueItems",
        "writeOnly",
    ] {
        assert!(
            keywords.contains_key(keyword),
            "no golden file holds a finding of `{keyword}`: {keywords:?}"
        );
    }
    // Each kind of syntax error has its own message. Not included are payloads over 64 MiB, and empty payloads, which
    // are input errors.
    assert!(keywords["json"] >= 28, "{keywords:?}");
}

/// One entry of `expected-failures.txt` must not silence two findings that need different remedies.
#[test]
fn fingerprint_identifies_one_finding() {
    if is_updating_golden_files() {
        return;
    }
    for entry in fs::read_dir(golden_directory().join("messages")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let mut known: BTreeMap<String, (String, String, String)> = BTreeMap::new();
        let mut idle = String::new();
        let (mut headline, mut asked) = (String::new(), String::new());
        for line in text.lines() {
            if line.starts_with("error[") || line.starts_with("drift[") {
                // What was found instead of the expected value depends on the payload.
                headline = line.split(", found ").next().unwrap().to_owned();
                asked.clear();
            } else if let Some((_, place)) = line.split_once("= required by: ") {
                place.split_once(" #").unwrap().1.clone_into(&mut asked);
            } else if headline.contains("[expected]") && line.contains(" | ") && line.contains('#') {
                // Unused entries are distinguished by the entry itself.
                line.split_once(" | ").unwrap().1.clone_into(&mut idle);
            } else if let Some((_, fingerprint)) = line.split_once("= fingerprint: ") {
                let keyword = headline.split(['[', ']']).nth(1).unwrap_or(&asked).to_owned();
                let what = match keyword.as_str() {
                    "expected" => (keyword, idle.clone(), headline.clone()),
                    // These are about the document, whatever is validated against it.
                    "generation" => (keyword, String::new(), headline.clone()),
                    _ => (keyword, asked.clone(), headline.clone()),
                };
                let first = known.entry(fingerprint.to_owned()).or_insert_with(|| what.clone());
                assert_eq!(*first, what, "{fingerprint} in {}", path.display());
            }
        }
    }
}
