//! The calendars that come with the product are read, and their holidays are what their rules say.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday, date};
use kernel::calendar::{Calendar, DayKind};
use kernel::period::Period;

fn year(calendar: &Calendar) -> Vec<Date> {
    let year = Period::new(date(2026, 1, 1), date(2026, 12, 31), calendar.zone().clone()).unwrap();
    year.dates().collect()
}

fn holidays(calendar: &Calendar) -> Vec<Date> {
    let dates = year(calendar).into_iter();
    dates.filter(|d| calendar.hours_on(*d).0 == DayKind::Holiday).collect()
}

fn open_dates(calendar: &Calendar) -> usize {
    year(calendar).into_iter().filter(|d| calendar.close_of(*d).is_some()).count()
}

#[test]
fn always_is_always() {
    let calendar = Calendar::parse(include_str!("../../../catalog/calendars/always.toml")).unwrap();
    assert!(calendar.is_always());
    assert_eq!(calendar.zone().name(), "UTC");
}

#[test]
fn new_york_keeps_the_federal_holidays() {
    let text = include_str!("../../../catalog/calendars/new-york-2026.toml");
    let calendar = Calendar::parse(text).unwrap();
    let nth = |month, n, day| date(2026, month, 1).nth_weekday_of_month(n, day).unwrap();
    let expected = [
        date(2026, 1, 1),
        nth(1, 3, Weekday::Monday),
        nth(2, 3, Weekday::Monday),
        nth(5, -1, Weekday::Monday),
        date(2026, 6, 19),
        date(2026, 7, 3),
        nth(9, 1, Weekday::Monday),
        nth(10, 2, Weekday::Monday),
        date(2026, 11, 11),
        nth(11, 4, Weekday::Thursday),
        date(2026, 12, 25),
    ];
    assert_eq!(date(2026, 7, 4).weekday(), Weekday::Saturday);
    assert_eq!(holidays(&calendar), expected);
    // 261 weekdays in 2026, less the eleven holidays, which are all weekdays.
    assert_eq!(open_dates(&calendar), 250);
}

#[test]
fn berlin_keeps_the_holidays_of_the_state() {
    let text = include_str!("../../../catalog/calendars/berlin-2026.toml");
    let calendar = Calendar::parse(text).unwrap();
    let easter = easter_sunday(2026);
    let after = |days: i32| easter.checked_add(days.days()).unwrap();
    let mut expected = vec![
        date(2026, 1, 1),
        date(2026, 3, 8),
        after(-2),
        after(1),
        date(2026, 5, 1),
        after(39),
        after(50),
        date(2026, 10, 3),
        date(2026, 12, 25),
        date(2026, 12, 26),
    ];
    expected.sort_unstable();
    assert_eq!(holidays(&calendar), expected);
    assert_eq!(open_dates(&calendar), 261 - 7);
    let christmas_eve = calendar.open_spans(date(2026, 12, 24));
    assert_eq!(christmas_eve[0].to.seconds_since(christmas_eve[0].from), 3 * 3600);
}

/// Easter Sunday of the Gregorian calendar, by the rule of Meeus, Jones and Butcher.
fn easter_sunday(year: i16) -> Date {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e, f) = (b / 4, b % 4, (b + 8) / 25);
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    Date::new(year, i8::try_from(n / 31).unwrap(), i8::try_from(n % 31 + 1).unwrap()).unwrap()
}
