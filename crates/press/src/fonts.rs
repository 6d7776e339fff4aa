//! The fonts of documents: compiled in, so that a document never depends on what a machine has installed.

use std::sync::LazyLock;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

/// Every font file of `fonts/`, in the order Typst tries them for a character its chosen family lacks.
const FILES: [&[u8]; 11] = [
    include_bytes!("../fonts/SourceSerif4-Regular.otf"),
    include_bytes!("../fonts/SourceSerif4-It.otf"),
    include_bytes!("../fonts/SourceSerif4-Semibold.otf"),
    include_bytes!("../fonts/SourceSerif4-SemiboldIt.otf"),
    include_bytes!("../fonts/SourceSerif4-Bold.otf"),
    include_bytes!("../fonts/SourceSans3-Regular.otf"),
    include_bytes!("../fonts/SourceSans3-It.otf"),
    include_bytes!("../fonts/SourceSans3-Semibold.otf"),
    include_bytes!("../fonts/SourceSans3-SemiboldIt.otf"),
    include_bytes!("../fonts/SourceSans3-Bold.otf"),
    include_bytes!("../fonts/SourceCodePro-Regular.otf"),
];

/// Fonts parsed once per process (about 10 ms), shared by every document.
pub(crate) struct Fonts {
    pub(crate) book: LazyHash<FontBook>,
    pub(crate) faces: Vec<Font>,
    /// Every code point that some font has a glyph for, ascending.
    covered: Vec<u32>,
}

pub(crate) static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    let faces: Vec<Font> =
        FILES.iter().filter_map(|bytes| Font::new(Bytes::new(*bytes), 0)).collect();
    let mut covered: Vec<u32> = faces.iter().flat_map(|face| face.info().coverage.iter()).collect();
    covered.sort_unstable();
    covered.dedup();
    Fonts { covered, book: LazyHash::new(FontBook::from_fonts(&faces)), faces }
});

impl Fonts {
    /// Whether a document can show `character`: some font has a glyph for it, or it needs none.
    pub(crate) fn can_print(&self, character: char) -> bool {
        if matches!(character, '!'..='~' | '\n' | '\r' | '\t' | ' ' | '\u{a0}')
            || is_invisible_helper(character)
        {
            return true;
        }
        // PDF/A forbids control characters, byte order marks and the private use areas even where a font
        // has a glyph for them.
        if character.is_control()
            || matches!(character, '\u{feff}' | '\u{fffe}' | '\u{ffff}')
            || matches!(u32::from(character), 0xE000..=0xF8FF | 0xF0000..)
        {
            return false;
        }
        self.covered.binary_search(&u32::from(character)).is_ok()
    }
}

/// Characters that shape their neighbours and print nothing themselves.
fn is_invisible_helper(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2060}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_vendored_file_is_a_font_of_the_named_families() {
        assert_eq!(FONTS.faces.len(), FILES.len());
        let families: Vec<&str> = FONTS.book.families().map(|(name, _)| name).collect();
        assert_eq!(families, ["Source Code Pro", "Source Sans 3", "Source Serif 4"]);
    }

    #[test]
    fn european_scripts_and_the_tick_mark_print_and_the_unprintable_is_known() {
        for c in "AzÄÖÜßéñçøłșİΩжЇ§†‡✓≥≤→–—“”…№₁²€₽".chars()
        {
            assert!(FONTS.can_print(c), "{c}");
        }
        for c in ['日', 'ع', '😀', '\u{0}', '\u{1b}', '\u{feff}', '\u{e000}'] {
            assert!(!FONTS.can_print(c), "{:04X}", u32::from(c));
        }
    }
}
