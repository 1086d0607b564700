use super::*;

#[test]
fn the_shipped_vocabulary_is_sound() {
    let text = include_str!("../../../tables/language.toml");
    assert_eq!(Vocabulary::parse(text).err(), None);
}
