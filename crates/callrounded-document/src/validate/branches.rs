//! "Matches none of these" helps nobody: of the branches of a `oneOf` or `anyOf`, which one was meant?

use std::collections::{BTreeSet, HashSet};

use jsonschema::{
    ValidationError,
    error::{TypeKind, ValidationErrorKind},
};

pub(super) enum Meant<'e> {
    /// The branch that failed in these ways.
    These(Vec<&'e ValidationError<'static>>),
    /// None, by the value of the discriminator, which this error is about.
    NoneByName(&'e ValidationError<'static>),
    /// None: each wants a value of another type, which are these.
    Types(BTreeSet<String>),
    /// It can't be told.
    Unclear,
}

pub(super) fn meant<'e>(
    branches: &'e [Vec<ValidationError<'static>>],
    error: &ValidationError<'_>,
    guards: &HashSet<String>,
) -> Meant<'e> {
    let own = error.instance_path().as_str();
    let guard = |branch: &'e Vec<ValidationError<'static>>| {
        branch.iter().find(|error| {
            guards
                .iter()
                .any(|guard| error.schema_path().as_str().starts_with(guard.as_str()))
        })
    };
    let guarded: Vec<_> = branches.iter().filter_map(guard).collect();
    let chosen: Vec<_> = branches.iter().filter(|branch| guard(branch).is_none()).collect();
    if chosen.is_empty() {
        // What says most: that the value is none of those known, then that it is missing, then that there can't be one.
        let weight = |error: &&&ValidationError<'static>| match error.kind() {
            ValidationErrorKind::Enum { .. } => 3,
            ValidationErrorKind::Required { .. } => 2,
            ValidationErrorKind::Type { .. } => 1,
            _ => 0,
        };
        match guarded.iter().max_by_key(weight) {
            Some(error) if matches!(error.kind(), ValidationErrorKind::Type { .. }) => {
                return Meant::Types(wrong_type(error, own).into_iter().flatten().collect());
            }
            Some(error) => return Meant::NoneByName(error),
            None => {}
        }
    }
    // A value of another type was not meant for the branch.
    let other_type = |branch: &&Vec<ValidationError<'static>>| branch.iter().find_map(|error| wrong_type(error, own));
    let of_type: Vec<_> = chosen.iter().filter(|branch| other_type(branch).is_none()).collect();
    match of_type.as_slice() {
        [] => {
            let types = chosen.iter().filter_map(other_type).flatten().collect();
            return Meant::Types(types);
        }
        [only] => return Meant::These(only.iter().collect()),
        _ => {}
    }
    // That which got furthest, if one did: the deepest error, then the fewest of them.
    let depth = |branch: &Vec<ValidationError<'static>>| branch.iter().map(steps).max().unwrap_or_default();
    let deepest = of_type.iter().map(|branch| depth(branch)).max().unwrap_or_default();
    if deepest > own.matches('/').count() {
        let mut furthest: Vec<_> = of_type.iter().filter(|branch| depth(branch) == deepest).collect();
        furthest.sort_by_key(|branch| branch.len());
        if let Some(first) = furthest.first() {
            return Meant::These(first.iter().collect());
        }
    }
    Meant::Unclear
}

fn steps(error: &ValidationError<'_>) -> usize {
    error.instance_path().as_str().matches('/').count()
}

/// The types that are wanted, where the value itself is of another; `enum: [null]` wants null.
fn wrong_type(error: &ValidationError<'_>, own: &str) -> Option<Vec<String>> {
    if error.instance_path().as_str() != own {
        return None;
    }
    match error.kind() {
        ValidationErrorKind::Type { kind } => Some(types(kind)),
        ValidationErrorKind::Enum { options } => {
            let only_null = options
                .as_array()
                .is_some_and(|values| values.iter().all(|value| value.is_null()));
            only_null.then(|| vec!["null".to_owned()])
        }
        ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } => {
            let inner: Vec<_> = context
                .iter()
                .map(|branch| branch.iter().find_map(|error| wrong_type(error, own)))
                .collect();
            inner
                .iter()
                .all(Option::is_some)
                .then(|| inner.into_iter().flatten().flatten().collect())
        }
        _ => None,
    }
}

pub(super) fn types(kind: &TypeKind) -> Vec<String> {
    match kind {
        TypeKind::Single(kind) => vec![kind.to_string()],
        TypeKind::Multiple(kinds) => kinds.iter().map(|kind| kind.to_string()).collect(),
    }
}
