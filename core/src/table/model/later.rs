//! A section of a provider file that is read when it is first asked for.

use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use std::ops::Deref;
use std::sync::OnceLock;

/// A section: of a shipped table the packed text, until somebody asks for it.
#[derive(Debug, Clone)]
pub struct Later<T> {
    packed: &'static str,
    read: OnceLock<T>,
}

impl<T> Later<T> {
    /// A section that was packed as JSON when the program was built. Where it is none of the form, nothing stands there (a
    /// test reads them all).
    pub(in crate::table) fn packed(packed: &'static str) -> Self {
        Self {
            packed,
            read: OnceLock::new(),
        }
    }

    /// Whether the section may have a name as one of its values. Answered without reading it.
    pub(super) fn may_name(&self, name: &str) -> bool {
        self.packed.is_empty() || self.packed.contains(&format!("\"{name}\""))
    }
}

impl<T> From<T> for Later<T> {
    fn from(value: T) -> Self {
        Self {
            packed: "",
            read: OnceLock::from(value),
        }
    }
}

impl<T: Default> Default for Later<T> {
    fn default() -> Self {
        Self::from(T::default())
    }
}

impl<T: DeserializeOwned + Default> Deref for Later<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.read
            .get_or_init(|| serde_json::from_str(self.packed).unwrap_or_default())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Later<T> {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        T::deserialize(input).map(Self::from)
    }
}
