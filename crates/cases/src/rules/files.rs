//! Files that come with a report: what they are by their bytes, which are refused, and copies without
//! metadata.

use img_parts::{Bytes, jpeg::Jpeg, png::Png, webp::WebP};

/// As many bytes decide what a file is.
pub const HEAD_BYTES: usize = 8_192;
/// The most files that come at once.
pub const FILES_MAX: usize = 10;
/// The largest file, in bytes.
pub const FILE_BYTES_MAX: u64 = 25 << 20;
/// The largest picture of which a copy without metadata is made, in bytes: it is held whole.
pub const PICTURE_BYTES_MAX: usize = 20 << 20;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sniffed {
    /// It is taken, as this media type.
    Taken(&'static str),
    /// It is refused: it would do something by itself when it is opened.
    Runs,
}

/// What a file is by its first bytes; what it is called and what a browser claims decide nothing.
/// Refused are programs, scripts and web pages. Whatever else is taken: evidence comes in odd formats,
/// and nothing is ever shown inside our own pages.
#[must_use]
pub fn sniff(head: &[u8]) -> Sniffed {
    use infer::MatcherType;
    // Programs of the systems that people use, and scripts, however short.
    let programs: [&[u8]; 6] =
        [b"#!", b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa\xcf", b"\xca\xfe\xba\xbe"];
    if programs.iter().any(|start| head.starts_with(start)) {
        return Sniffed::Runs;
    }
    if let Some(kind) = infer::get(head) {
        let page = matches!(kind.mime_type(), "text/html" | "text/x-shellscript");
        return match kind.matcher_type() {
            MatcherType::App => Sniffed::Runs,
            _ if page => Sniffed::Runs,
            _ => Sniffed::Taken(kind.mime_type()),
        };
    }
    let start = head.trim_ascii_start();
    let lower: Vec<u8> = start.iter().take(64).map(u8::to_ascii_lowercase).collect();
    if ["<!doctype html", "<html", "<script", "<svg"]
        .iter()
        .any(|p| lower.starts_with(p.as_bytes()))
    {
        return Sniffed::Runs;
    }
    // The head may end within a character.
    let text = match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(e) => e.error_len().is_none() && e.valid_up_to() > 0,
    };
    let plain = text && !head.contains(&0);
    Sniffed::Taken(if plain { "text/plain" } else { "application/octet-stream" })
}

/// Whether a copy without metadata can be made of this kind of file.
#[must_use]
pub fn can_strip(media_type: &str) -> bool {
    matches!(media_type, "image/jpeg" | "image/png" | "image/webp")
}

/// Chunks of a PNG that make the picture: all critical ones, and those without which it looks different.
const PNG_KEPT: [[u8; 4]; 14] = [
    *b"IHDR", *b"PLTE", *b"IDAT", *b"IEND", *b"tRNS", *b"gAMA", *b"cHRM", *b"sRGB", *b"sBIT",
    *b"bKGD", *b"pHYs", *b"acTL", *b"fcTL", *b"fdAT",
];

/// A copy of a picture with its pixels untouched and everything else taken out: where and when it was
/// taken, by which device, by whom, its comments, previews and whatever was appended to it. None when
/// the kind of file does not allow it or it is damaged.
#[must_use]
pub fn without_metadata(bytes: &[u8], media_type: &str) -> Option<Vec<u8>> {
    let bytes = Bytes::copy_from_slice(bytes);
    let out = match media_type {
        "image/jpeg" => {
            let mut jpeg = Jpeg::from_bytes(bytes).ok()?;
            // APP0 and APP14 say how colours are coded; the other application segments and the comment
            // say everything else.
            jpeg.segments_mut().retain(|s| !matches!(s.marker(), 0xE1..=0xED | 0xEF | 0xFE));
            jpeg.encoder().bytes()
        }
        "image/png" => {
            let mut png = Png::from_bytes(bytes).ok()?;
            png.chunks_mut().retain(|c| PNG_KEPT.contains(&c.kind()));
            png.encoder().bytes()
        }
        "image/webp" => {
            let mut webp = WebP::from_bytes(bytes).ok()?;
            webp.chunks_mut().retain(|c| {
                matches!(&c.id(), b"VP8 " | b"VP8L" | b"VP8X" | b"ALPH" | b"ANIM" | b"ANMF")
            });
            webp.encoder().bytes()
        }
        _ => return None,
    };
    Some(out.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use img_parts::jpeg::{JpegSegment, markers};
    use img_parts::png::PngChunk;

    const MARK: &[u8] = b"GPS 48.2082 16.3738 Nora's phone";

    /// A picture of one grey pixel, by hand.
    pub(crate) fn png() -> Vec<u8> {
        let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
        for (kind, body) in [
            (b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0][..]),
            (b"IDAT", &[0x78, 0x9c, 0x63, 0xf8, 0x0f, 0x00, 0x01, 0x01, 0x01, 0x00][..]),
            (b"IEND", &[][..]),
        ] {
            let chunk = PngChunk::new(*kind, Bytes::copy_from_slice(body));
            out.extend_from_slice(&chunk.encoder().bytes());
        }
        out
    }

    fn holds(bytes: &[u8], mark: &[u8]) -> bool {
        bytes.windows(mark.len()).any(|w| w == mark)
    }

    #[test]
    fn metadata_is_taken_out_and_the_picture_stays() {
        let mut image = Png::from_bytes(Bytes::from(png())).unwrap();
        image.chunks_mut().insert(1, PngChunk::new(*b"tEXt", Bytes::from_static(MARK)));
        image.chunks_mut().insert(1, PngChunk::new(*b"eXIf", Bytes::from_static(MARK)));
        let mut told = image.encoder().bytes().to_vec();
        told.extend_from_slice(MARK);
        assert!(holds(&told, MARK) && sniff(&told) == Sniffed::Taken("image/png"));
        assert_eq!(without_metadata(&told, "image/png").unwrap(), png());

        let head = [0xFF, 0xD8, 0xFF, 0xD9];
        let mut jpeg = Jpeg::from_bytes(Bytes::copy_from_slice(&head)).unwrap();
        for marker in [markers::APP1, markers::APP13, markers::COM, markers::APP0] {
            let body = if marker == markers::APP0 { b"JFIF\0" } else { MARK };
            let segment = JpegSegment::new_with_contents(marker, Bytes::from_static(body));
            jpeg.segments_mut().insert(0, segment);
        }
        let told = jpeg.encoder().bytes().to_vec();
        assert!(holds(&told, MARK) && sniff(&told) == Sniffed::Taken("image/jpeg"));
        let stripped = without_metadata(&told, "image/jpeg").unwrap();
        assert!(!holds(&stripped, MARK) && holds(&stripped, b"JFIF"));
        assert_eq!(without_metadata(b"not a picture", "image/jpeg"), None);
        assert_eq!(without_metadata(&told, "application/pdf"), None);
    }

    #[test]
    fn what_runs_is_refused_and_what_shows_is_taken() {
        for runs in [
            &b"MZ\x90\0\x03\0\0\0"[..],
            b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
            b"#!/bin/sh\nrm -rf /",
            b"<!DOCTYPE html><script>alert(1)</script>",
            b"  <svg xmlns='http://www.w3.org/2000/svg' onload='x()'>",
        ] {
            assert_eq!(sniff(runs), Sniffed::Runs, "{:?}", String::from_utf8_lossy(runs));
        }
        assert_eq!(sniff(b"%PDF-1.7\n"), Sniffed::Taken("application/pdf"));
        assert_eq!(sniff("Grüße".as_bytes()), Sniffed::Taken("text/plain"));
        assert_eq!(sniff(&"ü".as_bytes()[..1]), Sniffed::Taken("application/octet-stream"));
        assert_eq!(sniff(&[0, 1, 2, 3]), Sniffed::Taken("application/octet-stream"));
        assert_eq!(sniff(b"PK\x03\x04\x14\0\0\0\x08\0"), Sniffed::Taken("application/zip"));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400), cut in 0..60usize) {
            let _ = sniff(&bytes);
            for kind in ["image/jpeg", "image/png", "image/webp"] {
                let _ = without_metadata(&bytes, kind);
                let mut broken = png();
                broken.truncate(cut);
                let _ = without_metadata(&broken, kind);
            }
        }
    }
}
