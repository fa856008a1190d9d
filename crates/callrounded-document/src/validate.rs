//! Payloads against the schemas of a document.
//!
//! OpenAPI 3.0 schemas are JSON Schema of draft 4 in all that is used here but for `nullable`, so they are translated
//! to draft 4 and checked by the `jsonschema` crate: draft 4 already ignores what stands beside a `$ref` and takes
//! `exclusiveMinimum` for a flag.

use jsonschema::{Draft, ValidationError, error::ValidationErrorKind};
use serde_json::{Map, Value, json};

use crate::{diagnostic::Diagnostics, document::Document, pointer};

/// One way in which a payload contradicts its schema. It holds no value of the payload, which may be personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// JSON pointer into the payload.
    pub pointer: String,
    /// What is wrong.
    pub problem: String,
    /// JSON pointer into the document: the keyword that asks for it.
    pub schema: String,
}

impl Finding {
    /// The schema keyword that the payload contradicts, such as `required`.
    #[must_use]
    pub fn keyword(&self) -> String {
        pointer::last(&self.schema)
    }
}

/// A schema of a document, made ready to check payloads with.
#[derive(Debug)]
pub struct Validator {
    schema: String,
    inner: jsonschema::Validator,
}

impl Document {
    /// Makes the schema at `pointer` ready.
    ///
    /// # Errors
    /// Where there is no schema at `pointer`, or it is no valid schema: a bad pattern, a reference that leads nowhere.
    pub fn validator(&self, pointer: &str) -> Result<Validator, Diagnostics> {
        let Some(schema) = self.get(pointer) else {
            return Err(self
                .diagnostic(pointer, "there is no schema here", "add a `schema`")
                .into());
        };
        let mut root = match translate(schema) {
            Value::Object(root) => root,
            _ => {
                return Err(self
                    .diagnostic(pointer, "a schema is an object", "write an object here")
                    .into());
            }
        };
        let schemas = self
            .get("/components/schemas")
            .map_or_else(|| json!({}), translate_each);
        root.insert("components".to_owned(), json!({ "schemas": schemas }));
        let inner = jsonschema::options()
            .with_draft(Draft::Draft4)
            .should_validate_formats(true)
            .build(&Value::Object(root))
            .map_err(|error| {
                let inside = error.instance_path().as_str();
                let at = if inside.starts_with("/components/") {
                    inside.to_owned()
                } else {
                    format!("{pointer}{inside}")
                };
                Diagnostics::from(self.diagnostic(&at, format!("this is no valid schema: {error}"), "mend the schema"))
            })?;
        Ok(Validator {
            schema: pointer.to_owned(),
            inner,
        })
    }
}

impl Validator {
    /// Every way in which `payload` contradicts the schema; empty where it does not.
    #[must_use]
    pub fn check(&self, payload: &Value) -> Vec<Finding> {
        let mut findings = Vec::new();
        for error in self.inner.iter_errors(payload) {
            self.collect(&error, &mut findings);
        }
        findings
    }

    fn collect(&self, error: &ValidationError<'_>, findings: &mut Vec<Finding>) {
        // "Matches none of these" helps nobody. The branch that was meant is the one that failed deepest inside.
        if let ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } = error.kind() {
            let own = depth(error);
            let meant = context.iter().max_by_key(|branch| branch.iter().map(depth).max());
            if let Some(branch) = meant.filter(|branch| branch.iter().any(|inner| depth(inner) > own)) {
                for inner in branch {
                    self.collect(inner, findings);
                }
                return;
            }
        }
        let at = error.schema_path().as_str();
        let schema = if at.starts_with("/components/") {
            at.to_owned()
        } else {
            format!("{}{at}", self.schema)
        };
        findings.push(Finding {
            pointer: error.instance_path().as_str().to_owned(),
            problem: error.masked_with("the value").to_string(),
            schema,
        });
    }
}

fn depth(error: &ValidationError<'_>) -> usize {
    error.instance_path().as_str().matches('/').count()
}

fn translate_each(schemas: &Value) -> Value {
    let members = schemas.as_object().into_iter().flatten();
    Value::Object(
        members
            .map(|(name, schema)| (name.clone(), translate(schema)))
            .collect(),
    )
}

/// One schema of OpenAPI 3.0 as one of JSON Schema draft 4. It walks by position, never by name: a property may be
/// called `nullable`.
fn translate(schema: &Value) -> Value {
    let Value::Object(schema) = schema else {
        return schema.clone();
    };
    if let Some(reference) = schema.get("$ref") {
        return json!({ "$ref": reference });
    }
    let nullable = schema.get("nullable") == Some(&Value::Bool(true));
    let mut translated = Map::new();
    for (keyword, value) in schema {
        let value = match keyword.as_str() {
            "type" if nullable => json!([value, "null"]),
            "properties" => translate_each(value),
            "items" | "additionalProperties" | "not" => translate(value),
            "allOf" | "anyOf" | "oneOf" => match value {
                Value::Array(schemas) => schemas.iter().map(translate).collect(),
                other => other.clone(),
            },
            "nullable" | "discriminator" | "readOnly" | "writeOnly" | "xml" | "externalDocs" | "example"
            | "deprecated" => continue,
            extension if extension.starts_with("x-") => continue,
            _ => value.clone(),
        };
        translated.insert(keyword.clone(), value);
    }
    Value::Object(translated)
}
