//! Reading and arithmetic of rates.

use super::{confidence, rate};
use crate::rules::numbers::{Confidence, NumberError, Rate};

#[test]
fn the_three_written_forms_are_the_same_rate() {
    for text in ["5%", "0.05", "500bp", " 5 % ", "05.0%", ".05", "500 BP", "0.050"] {
        assert_eq!(rate(text), Rate::from_basis_points(500), "{text}");
    }
    assert_eq!(rate("1.25%"), Rate::from_basis_points(125));
    assert_eq!(rate("0"), Rate::ZERO);
    assert_eq!(rate("100%"), Rate::WHOLE);
    assert_eq!(rate("1.0"), Rate::WHOLE);
    assert_eq!(rate("0.0000000001%").parts_per_trillion(), 1);
}

#[test]
fn what_is_not_a_rate_is_refused_in_words() {
    for text in
        ["", "%", ".", "5.", "abc", "-5%", "+5%", "5e-2", "NaN", "inf", "0,05", "5%%", "1/3", "٥%"]
    {
        let fault = text.parse::<Rate>().unwrap_err();
        assert!(matches!(fault, NumberError::NotARate(_)), "{text}: {fault:?}");
        assert!(fault.to_string().contains("write it as 5%, 0.05 or 500bp"));
    }
    assert!(matches!("5".parse::<Rate>(), Err(NumberError::Ambiguous(_))));
    assert!(matches!("1".parse::<Rate>(), Err(NumberError::Ambiguous(_))));
    assert!(matches!("101%".parse::<Rate>(), Err(NumberError::AboveWhole(_))));
    assert!(matches!("1.5".parse::<Rate>(), Err(NumberError::AboveWhole(_))));
    assert!(matches!("99999999999999999999999".parse::<Rate>(), Err(NumberError::AboveWhole(_))));
    assert!(matches!("0.0000000000001".parse::<Rate>(), Err(NumberError::TooFine(_))));
    let long = "9".repeat(100_000);
    assert!(long.parse::<Rate>().unwrap_err().to_string().len() < 200);
}

#[test]
fn ceilings_are_integers_where_floating_point_errs() {
    // In binary floating point 0.035 × 400 = 14.000000000000002 and 0.07 × 1300 = 91.00000000000001.
    assert!((0.035_f64 * 400.0).ceil() > 14.0);
    assert_eq!(rate("3.5%").ceil_of(400), 14);
    assert_eq!(rate("7%").ceil_of(1300), 91);
    assert_eq!(rate("3.5%").ceil_of(401), 15);
    assert_eq!(rate("5%").floor_of(39), 1);
    assert_eq!(rate("5%").most_within(14), Some(280));
    assert_eq!(Rate::ZERO.most_within(14), None);
    assert_eq!(rate("0.0000000001%").most_within(u64::MAX), Some(u64::MAX));
    assert!(rate("10%").covers(1, 10));
    assert!(!rate("9.9999999999%").covers(1, 10));
}

#[test]
fn confidence_levels_stop_short_of_nothing_and_everything() {
    assert_eq!(confidence("95%").to_string(), "95%");
    assert_eq!(confidence("0.9").risk().to_string(), "0.1");
    assert_eq!(confidence("95%").risk().to_string(), "0.05");
    for text in ["0%", "100%", "99.99999%"] {
        let fault = text.parse::<Confidence>().unwrap_err();
        assert!(matches!(fault, NumberError::Confidence(_)), "{text}");
    }
}

#[test]
fn rates_survive_json_in_either_form() {
    for (json, written) in [
        ("\"5%\"", "5%"),
        ("0.05", "5%"),
        ("0.0125", "1.25%"),
        ("1e-7", "0.00001%"),
        ("0", "0%"),
        ("1.0", "100%"),
        ("\"7 bp\"", "0.07%"),
    ] {
        let read: Rate = serde_json::from_str(json).unwrap();
        assert_eq!(read.to_string(), written);
        let again: Rate = serde_json::from_str(&serde_json::to_string(&read).unwrap()).unwrap();
        assert_eq!(again, read);
    }
    for json in ["5", "-0.05", "\"5\"", "null", "[]", "1e300"] {
        assert!(serde_json::from_str::<Rate>(json).is_err(), "{json}");
    }
}
