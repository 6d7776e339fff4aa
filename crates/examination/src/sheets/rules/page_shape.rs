//! The shape of a document's pages, so that a region of a page can be drawn where it lies.

/// The longest edge of a page in points that is believed; PDF itself allows 14,400.
const EDGE_MAX: u32 = 14_400;
/// Pages whose shape is read at most.
const BOXES_MAX: usize = 20_000;

/// Width and height of a page, in points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// How wide.
    pub width: u32,
    /// How high.
    pub height: u32,
}

impl Shape {
    /// An upright page of A4, for a document that does not say.
    pub const A4: Self = Self { width: 595, height: 842 };
}

/// The shape that all pages of a PDF have, as its `/MediaBox` entries say (ISO 32000-2, 7.7.3.3). None where
/// they are written in compressed objects, differ, or where pages are turned or cropped: then no shape is
/// taken for known. Nothing else of the document is read, and nothing of it is run.
#[must_use]
pub fn page_shape(pdf: &[u8]) -> Option<Shape> {
    if turned(pdf) || find(pdf, b"/CropBox").is_some() {
        return None;
    }
    let mut shape = None;
    let mut rest = pdf;
    for _ in 0..BOXES_MAX {
        let Some(at) = find(rest, b"/MediaBox") else { break };
        rest = rest.get(at + b"/MediaBox".len()..)?;
        let found = read(rest)?;
        if shape.is_some_and(|known| known != found) {
            return None;
        }
        shape = Some(found);
    }
    shape
}

fn find(bytes: &[u8], name: &[u8]) -> Option<usize> {
    bytes.windows(name.len()).position(|w| w == name)
}

/// Whether a page is shown turned by something else than half a turn.
fn turned(pdf: &[u8]) -> bool {
    let mut rest = pdf;
    while let Some(at) = find(rest, b"/Rotate") {
        rest = rest.get(at + b"/Rotate".len()..).unwrap_or_default();
        let digits: String = rest
            .iter()
            .map(|b| char::from(*b))
            .skip_while(char::is_ascii_whitespace)
            .take_while(|c| c.is_ascii_digit() || *c == '-')
            .take(6)
            .collect();
        if digits.parse::<i32>().map_or(true, |turn| turn.rem_euclid(180) != 0) {
            return true;
        }
    }
    false
}

/// `[x0 y0 x1 y1]`, whole or decimal.
fn read(after: &[u8]) -> Option<Shape> {
    let text: String = after.iter().take(120).map(|b| char::from(*b)).collect();
    let inside = text.trim_start().strip_prefix('[')?.split(']').next()?;
    let all: Vec<i64> = inside
        .split_ascii_whitespace()
        .map(|n| n.split('.').next()?.parse::<i64>().ok())
        .collect::<Option<_>>()?;
    let [left, below, right, above] = all.as_slice() else { return None };
    let edge = |from: &i64, to: &i64| {
        let length = u32::try_from(to.checked_sub(*from)?.checked_abs()?).ok()?;
        (1..=EDGE_MAX).contains(&length).then_some(length)
    };
    Some(Shape { width: edge(left, right)?, height: edge(below, above)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_is_known_where_all_pages_say_the_same_and_stand_upright() {
        let known = |w, h| Some(Shape { width: w, height: h });
        assert_eq!(page_shape(b"<< /MediaBox [0 0 480 240] >>"), known(480, 240));
        assert_eq!(page_shape(b"/MediaBox[ -10 0\n585.28 841.89 ]"), known(595, 841));
        let twice = b"/MediaBox [0 0 595 842] /Rotate 0 ... /MediaBox [0 0 595 842] /Rotate 180";
        assert_eq!(page_shape(twice), known(595, 842));
        for unknown in [
            &b"no pages in the open"[..],
            b"/MediaBox [0 0 595 842] /MediaBox [0 0 842 595]",
            b"/MediaBox [0 0 595 842] /Rotate 90",
            b"/MediaBox [0 0 595 842] /Rotate 7 0 R",
            b"/MediaBox [0 0 595 842] /CropBox [0 0 10 10]",
            b"/MediaBox 12 0 R",
            b"/MediaBox [0 0 595]",
            b"/MediaBox [0 0 0 842]",
            b"/MediaBox [0 0 99999999999999999999 842]",
            b"/MediaBox [-9223372036854775808 0 9223372036854775807 842]",
            b"/MediaBox",
        ] {
            assert_eq!(page_shape(unknown), None, "{:?}", String::from_utf8_lossy(unknown));
        }
    }
}
