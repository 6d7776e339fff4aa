//! In which order recommendations stand: by what they would do for security and availability.

kernel::words! {
    /// How much following a recommendation would do for a category.
    Effect {
        /// Nothing that could be told.
        None = "none",
        /// It makes work easier.
        Low = "low",
        /// It closes a weakness that another control catches.
        Medium = "medium",
        /// It closes a weakness through which harm could pass unnoticed or unanswered.
        High = "high",
    }
}

/// Sorts by effect: the greater of both effects first, then their sum. Equal ones keep their order.
pub fn by_effect<T>(all: &mut [T], effects: impl Fn(&T) -> (Effect, Effect)) {
    all.sort_by_key(|one| {
        let (security, availability) = effects(one);
        let weight = |e: Effect| match e {
            Effect::None => 0_u8,
            Effect::Low => 1,
            Effect::Medium => 2,
            Effect::High => 3,
        };
        let (s, a) = (weight(security), weight(availability));
        std::cmp::Reverse((s.max(a), s + a))
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greater_effect_comes_first_then_the_sum_then_the_order_of_writing() {
        let mut all = vec![
            ("a", Effect::Low, Effect::Medium),
            ("b", Effect::High, Effect::None),
            ("c", Effect::Medium, Effect::Medium),
            ("d", Effect::None, Effect::None),
            ("e", Effect::Medium, Effect::Low),
            ("f", Effect::High, Effect::High),
        ];
        by_effect(&mut all, |(_, s, a)| (*s, *a));
        let order: String = all.iter().map(|(name, ..)| *name).collect();
        assert_eq!(order, "fbcaed");
    }
}
