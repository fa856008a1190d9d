//! JSON as received, with every digit.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{self, DeserializeSeed, MapAccess, Visitor},
};
use serde_json::{Value, value::RawValue};

/// The text of a JSON value. Unlike serde_json's [`RawValue`], it can also be deserialized from serde's buffers, as
/// used for `flatten` and untagged enums. There numbers have the digits that the buffer kept.
pub(crate) struct Raw(Box<RawValue>);

impl Raw {
    pub(crate) fn get(&self) -> &str {
        self.0.get()
    }

    pub(crate) fn into_string(self) -> String {
        String::from(Box::<str>::from(self.0))
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = Raw;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("any JSON value")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Raw, A::Error> {
                Box::<RawValue>::deserialize(MapDeserializer(map)).map(Raw)
            }

            fn visit_newtype_struct<D: Deserializer<'de>>(self, buffered: D) -> Result<Raw, D::Error> {
                let value = Value::deserialize(buffered)?;
                serde_json::value::to_raw_value(&value)
                    .map(Raw)
                    .map_err(de::Error::custom)
            }
        }

        deserializer.deserialize_newtype_struct(requested_name(), Either)
    }
}

/// Returns the name by which [`RawValue`] requests the text from serde_json. It is not a public constant.
fn requested_name() -> &'static str {
    match Box::<RawValue>::deserialize(Name) {
        Err(Requested(name)) => name,
        Ok(_) => "",
    }
}

/// A deserializer that only reports the name of the requested newtype.
struct Name;

/// The requested name, as an error.
#[derive(Debug)]
struct Requested(&'static str);

impl fmt::Display for Requested {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Requested {}

impl de::Error for Requested {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self("")
    }
}

impl<'de> Deserializer<'de> for Name {
    type Error = Requested;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Requested> {
        Err(Requested(""))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, _: V) -> Result<V::Value, Requested> {
        Err(Requested(name))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct seq
        tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// A deserializer for the map that serde_json passes to the visitor for that name.
struct MapDeserializer<A>(A);

impl<'de, A: MapAccess<'de>> MapAccess<'de> for MapDeserializer<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        self.0.next_key_seed(seed)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.0.next_value_seed(seed)
    }
}

impl<'de, A: MapAccess<'de>> Deserializer<'de> for MapDeserializer<A> {
    type Error = A::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, A::Error> {
        visitor.visit_map(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const AMOUNTS: &str = r#"{"a":0.10000000000000000001,"b":"1.50","c":[1,{"d":null}]}"#;

    #[test]
    fn raw_from_str_keeps_every_digit() {
        let raw: BTreeMap<String, Raw> = serde_json::from_str(AMOUNTS).unwrap();
        assert_eq!(raw["a"].get(), "0.10000000000000000001");
        assert_eq!(raw["c"].get(), r#"[1,{"d":null}]"#);
    }

    #[test]
    fn raw_from_serde_buffer_is_deserialized() {
        #[derive(Deserialize)]
        struct Flat {
            #[serde(flatten)]
            rest: BTreeMap<String, Raw>,
        }
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Untagged {
            Map(BTreeMap<String, Raw>),
        }
        let flat: Flat = serde_json::from_str(AMOUNTS).unwrap();
        let Untagged::Map(map) = serde_json::from_str(AMOUNTS).unwrap();
        for raw in [flat.rest, map] {
            assert_eq!(raw["a"].get(), "0.1");
            assert_eq!(raw["b"].get(), r#""1.50""#);
            assert_eq!(raw["c"].get(), r#"[1,{"d":null}]"#);
        }
    }

    #[test]
    fn raw_from_json_value_is_deserialized() {
        let value: Value = serde_json::from_str(AMOUNTS).unwrap();
        let raw: BTreeMap<String, Raw> = serde_path_to_error::deserialize(&value).unwrap();
        assert_eq!(raw["b"].get(), r#""1.50""#);
    }
}
