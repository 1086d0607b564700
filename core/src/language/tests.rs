use super::*;

#[test]
fn the_shipped_vocabulary_is_sound() {
    let text = include_str!(concat!(env!("WHY401_TABLES"), "/language.toml"));
    assert_eq!(Vocabulary::parse(text).err(), None);
}
