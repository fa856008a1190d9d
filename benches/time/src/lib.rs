//! The benchmark is in `benches/time.rs`.
