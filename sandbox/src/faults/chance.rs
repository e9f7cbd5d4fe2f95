//! Chance that repeats: decided by hash of seed, rule, order and attempt, so that a run gives the same
//! whatever happens at the same time.

use sha2::{Digest, Sha256};

/// A draw for one attempt of one order.
pub(crate) struct Draw([u8; 32]);

impl Draw {
    pub fn new(seed: u64, rule: u64, on: &str, order: &str, attempt: u64) -> Self {
        let mut hash = Sha256::new();
        for number in [seed, rule, attempt] {
            hash.update(number.to_be_bytes());
        }
        hash.update(on);
        hash.update([0]);
        hash.update(order);
        Self(hash.finalize().into())
    }

    /// True in that part of all cases.
    pub fn happens(&self, probability: f64) -> bool {
        // 32 bits are exact in a float.
        f64::from(self.number(0)) < probability * (f64::from(u32::MAX) + 1.0)
    }

    /// One of so many, independent of [`Self::happens`].
    pub fn one_of(&self, count: usize) -> usize {
        usize::try_from(self.number(4)).unwrap_or_default() % count.max(1)
    }

    fn number(&self, at: usize) -> u32 {
        self.0[at..at + 4].iter().fold(0, |number, byte| number << 8 | u32::from(*byte))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draws(seed: u64) -> Vec<Draw> {
        (0..10_000).map(|order| Draw::new(seed, 1, "send", &order.to_string(), 1)).collect()
    }

    #[test]
    fn a_draw_repeats_and_depends_on_everything() {
        let draw = |seed, rule, on, order, attempt| Draw::new(seed, rule, on, order, attempt).0;
        let first = draw(1, 1, "send", "a", 1);
        assert_eq!(first, draw(1, 1, "send", "a", 1));
        for other in [
            draw(2, 1, "send", "a", 1),
            draw(1, 2, "send", "a", 1),
            draw(1, 1, "query", "a", 1),
            draw(1, 1, "send", "b", 1),
            draw(1, 1, "send", "a", 2),
        ] {
            assert_ne!(first, other);
        }
    }

    #[test]
    fn it_is_fair() {
        let draws = draws(7);
        assert!(draws.iter().all(|draw| draw.happens(1.0) && !draw.happens(0.0)));
        let hits: Vec<&Draw> = draws.iter().filter(|draw| draw.happens(0.25)).collect();
        assert!((2_300..2_700).contains(&hits.len()), "{}", hits.len());
        for choice in 0..5 {
            let count = hits.iter().filter(|draw| draw.one_of(5) == choice).count();
            assert!((400..600).contains(&count), "{choice}: {count}");
        }
    }
}
