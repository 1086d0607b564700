//! Choices that a person makes by a word: a variant has its word beside it, and cannot be without.

/// An enum whose variants have the words that a person may write for them; `or` is what a wrong word is told.
macro_rules! choice {
    ($(#[$meta:meta])* pub enum $name:ident or $wrong:literal {
        $($(#[$own:meta])* $variant:ident = $word:literal,)+
    }) => {
        $(#[$meta])*
        pub enum $name {
            $($(#[$own])* $variant,)+
        }

        impl $name {
            /// What a person may write for it, with what it means.
            pub const NAMES: &[(&str, Self)] = &[$(($word, Self::$variant),)+];
        }

        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                let mut names = Self::NAMES.iter();
                let found = names.find(|(name, _)| name.eq_ignore_ascii_case(text));
                found.map(|(_, own)| *own).ok_or_else(|| $wrong.to_owned())
            }
        }
    };
}
