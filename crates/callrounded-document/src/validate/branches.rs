//! Selects the branch of a `oneOf` or `anyOf` that a value most likely should match, so that the message can be about
//! that branch instead of "matches none of these".

use std::collections::{BTreeSet, HashSet};

use jsonschema::{
    ValidationError,
    error::{TypeKind, ValidationErrorKind},
};

pub(super) enum BestBranch<'e> {
    /// One branch, with its errors.
    Branch(Vec<&'e ValidationError<'static>>),
    /// No branch, because of the discriminator. The error is the one to report.
    UnknownDiscriminator(&'e ValidationError<'static>),
    /// No branch, because each expects another type. These are the expected types.
    WrongType(BTreeSet<String>),
    /// Several branches are equally likely.
    Ambiguous,
}

pub(super) fn best_branch<'e>(
    branches: &'e [Vec<ValidationError<'static>>],
    error: &ValidationError<'_>,
    guards: &HashSet<String>,
) -> BestBranch<'e> {
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
        // The most specific error: the discriminator is unknown, then it is missing, then the value is no object.
        let weight = |error: &&&ValidationError<'static>| match error.kind() {
            ValidationErrorKind::Enum { .. } => 3,
            ValidationErrorKind::Required { .. } => 2,
            ValidationErrorKind::Type { .. } => 1,
            _ => 0,
        };
        match guarded.iter().max_by_key(weight) {
            Some(error) if matches!(error.kind(), ValidationErrorKind::Type { .. }) => {
                return BestBranch::WrongType(wrong_type(error, own).into_iter().flatten().collect());
            }
            Some(error) => return BestBranch::UnknownDiscriminator(error),
            None => {}
        }
    }
    // Branches that expect another type are ruled out.
    let other_type = |branch: &&Vec<ValidationError<'static>>| branch.iter().find_map(|error| wrong_type(error, own));
    let of_type: Vec<_> = chosen.iter().filter(|branch| other_type(branch).is_none()).collect();
    match of_type.as_slice() {
        [] => {
            let types = chosen.iter().filter_map(other_type).flatten().collect();
            return BestBranch::WrongType(types);
        }
        [only] => return BestBranch::Branch(only.iter().collect()),
        _ => {}
    }
    // The best match is the branch whose errors are deepest, and of those the one with the fewest errors.
    let depth = |branch: &Vec<ValidationError<'static>>| branch.iter().map(error_depth).max().unwrap_or_default();
    let deepest = of_type.iter().map(|branch| depth(branch)).max().unwrap_or_default();
    if deepest > own.matches('/').count() {
        let mut best: Vec<_> = of_type.iter().filter(|branch| depth(branch) == deepest).collect();
        best.sort_by_key(|branch| branch.len());
        if let Some(first) = best.first() {
            return BestBranch::Branch(first.iter().collect());
        }
    }
    BestBranch::Ambiguous
}

fn error_depth(error: &ValidationError<'_>) -> usize {
    error.instance_path().as_str().matches('/').count()
}

/// Returns the expected types if the error is about the type of the value itself. `enum: [null]` expects null.
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
