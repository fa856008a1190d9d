//! Fuzz target: records of CSV. What is accepted has the fields that the csv crate reads, and no byte is lost.
#![no_main]

#[path = "../../../crates/callrounded-cli/src/tag/records.rs"]
#[allow(dead_code)]
mod records;

use records::Records;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let Some((first, text)) = input.split_first() else {
        return;
    };
    let delimiter = [b',', b';', b'\t', b'|'][usize::from(first % 4)];
    let Ok(records) = Records::new(text, delimiter).collect::<Result<Vec<_>, _>>() else {
        return;
    };
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text);
    let expected: Vec<Vec<Vec<u8>>> = reader
        .byte_records()
        .map(|record| record.unwrap().iter().map(<[u8]>::to_vec).collect())
        .collect();
    let fields: Vec<Vec<Vec<u8>>> = records.iter().map(|record| record.fields.clone()).collect();
    assert_eq!(fields, expected);
    // Only line breaks and blank lines are not part of a record.
    let is_break = |byte: &&u8| matches!(byte, b'\r' | b'\n');
    let all = text.iter().filter(|byte| !is_break(byte)).count();
    let kept = records
        .iter()
        .flat_map(|record| &record.raw)
        .filter(|byte| !is_break(byte))
        .count();
    assert_eq!(kept, all);
});
