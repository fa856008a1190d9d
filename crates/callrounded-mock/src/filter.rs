//! Filters of a list: the parameter, the property that it restricts, and the comparison.

use std::cmp::Ordering;

use callrounded_document::{Document, pointer};
use serde_json::Value;

use crate::{calls::timestamp, exact};

/// A condition that a parameter sets for each item of a list.
#[derive(Clone, Debug)]
pub(crate) struct Filter {
    /// The property that is compared with the value of the parameter.
    pub property: String,
    operator: Operator,
}

#[derive(Clone, Copy, Debug)]
enum Operator {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Filter {
    /// Returns the filter that a parameter represents: by `x-filter`, or else for the property of the same name, if
    /// `item` has one. `None` if the parameter is not a filter.
    pub fn of(document: &Document, parameter: &str, item: &str) -> Option<Self> {
        let stated = pointer::join(parameter, "x-filter");
        let properties = pointer::join(item, "properties");
        let name = document
            .get_str(&pointer::join(&stated, "property"))
            .or_else(|| document.get_str(&pointer::join(parameter, "name")))?;
        document.get(&pointer::join(&properties, name))?;
        let operator = match document.get_str(&pointer::join(&stated, "operator")) {
            None | Some("=") => Operator::Equal,
            Some("<") => Operator::Less,
            Some("<=") => Operator::LessOrEqual,
            Some(">") => Operator::Greater,
            Some(">=") => Operator::GreaterOrEqual,
            Some(_) => return None,
        };
        Some(Self {
            property: name.to_owned(),
            operator,
        })
    }

    /// Checks whether an item with this value of the property matches. An item without a value does not.
    pub fn matches(&self, value: Option<&Value>, wanted: &Value) -> bool {
        let Some(value) = value.map(exact::rounded) else {
            return false;
        };
        let value = &value;
        // A list matches if any of its values does.
        if let Value::Array(wanted) = wanted {
            return wanted.iter().any(|wanted| self.matches(Some(value), wanted));
        }
        let order = compare(value, wanted);
        match self.operator {
            Operator::Equal => match value {
                Value::Array(values) => values.contains(wanted),
                value => order == Some(Ordering::Equal) || value == wanted,
            },
            Operator::Less => order == Some(Ordering::Less),
            Operator::LessOrEqual => matches!(order, Some(Ordering::Less | Ordering::Equal)),
            Operator::Greater => order == Some(Ordering::Greater),
            Operator::GreaterOrEqual => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
        }
    }
}

/// Compares numbers by value, timestamps by time, and other strings by code point.
fn compare(value: &Value, wanted: &Value) -> Option<Ordering> {
    match (value, wanted) {
        (Value::Number(value), Value::Number(wanted)) => value.as_f64()?.partial_cmp(&wanted.as_f64()?),
        (Value::String(string), Value::String(wanted_string)) => {
            match (timestamp(Some(value)), timestamp(Some(wanted))) {
                (Some(value), Some(wanted)) => Some(value.cmp(&wanted)),
                _ => Some(string.cmp(wanted_string)),
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    #[test]
    fn filter_compares_property_by_documented_operator() {
        let text = r#"{
            "item": {"properties": {"name": {}, "seconds": {}, "began": {}, "tags": {}}},
            "parameters": [
                {"name": "name"}, {"name": "tags"}, {"name": "unknown"},
                {"name": "min", "x-filter": {"property": "seconds", "operator": ">="}},
                {"name": "after", "x-filter": {"property": "began", "operator": ">"}},
                {"name": "invalid", "x-filter": {"property": "began", "operator": "~"}}
            ]
        }"#;
        let document = Document::parse("filters.json", text).unwrap();
        let filter = |index: usize| Filter::of(&document, &format!("/parameters/{index}"), "/item");
        let matches = |index: usize, value: Value, wanted: Value| filter(index).unwrap().matches(Some(&value), &wanted);
        assert!(matches(0, json!("a"), json!("a")) && !matches(0, json!("b"), json!("a")));
        assert!(matches(1, json!(["a", "b"]), json!("b")) && !matches(1, json!(["a"]), json!("b")));
        assert!(matches(3, json!(30), json!(30.0)) && !matches(3, json!(29.5), json!(30)));
        let (early, late) = (json!("2023-01-01T02:00:00+02:00"), json!("2023-01-01T00:00:01Z"));
        assert!(matches(4, late.clone(), early.clone()) && !matches(4, early.clone(), early.clone()));
        assert!(!matches(4, early, late) && !filter(4).unwrap().matches(None, &json!("2023-01-01T00:00:00Z")));
        assert!(filter(2).is_none() && filter(5).is_none());
    }
}
