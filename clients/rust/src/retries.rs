//! When a failed call is worth another try, and after how long: rules without I/O.
//!
//! tonic has no service config, so all of it is here: UNAVAILABLE and RESOURCE_EXHAUSTED up to four times after short
//! pauses, fewer when most calls fail; waits that the server asks for, by RetryInfo or push-back; write contention; and
//! servers that restart.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::time::Instant;
use tonic::Code;

use crate::Reason;
use crate::errors::{Error, Origin, Pushback};

/// Tries of a call, the first included.
pub(crate) const MAX_ATTEMPTS: u32 = 4;
/// Tries of a call whose server says when to come back: enough for a database to recover.
pub(crate) const MAX_WAITS: u32 = 10;

const FIRST_RETRY: Duration = Duration::from_millis(100);
const LONGEST_RETRY: Duration = Duration::from_secs(2);
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// How a call fared so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tries {
    /// The server has answered before: one that is not there is being restarted. Else its address may be wrong, which
    /// is told soon.
    pub(crate) known: bool,
    /// That reached a server, or may have.
    pub(crate) made: u32,
    /// That found nobody listening.
    pub(crate) refused: u32,
}

impl Tries {
    pub(crate) fn count(&mut self, error: &Error) {
        if error.parts().origin == Origin::Refused {
            self.refused += 1;
        } else {
            self.made += 1;
        }
    }
}

/// How long to wait before the next try of a unary call; none: give up. `tries` counts the one that just failed,
/// `remaining` is what the deadline leaves.
pub(crate) fn unary_pause(
    error: &Error,
    tries: Tries,
    repeatable: bool,
    remaining: Duration,
    throttle: &Throttle,
) -> Option<Duration> {
    let parts = error.parts();
    if parts.origin == Origin::Refused {
        // Nothing was sent, so nothing can happen twice.
        let pause = jittered(backoff(FIRST_RETRY, LONGEST_RETRY, tries.refused));
        return Some(pause).filter(|pause| *pause < remaining && (tries.known || tries.refused < MAX_ATTEMPTS));
    }
    if !repeatable {
        return None;
    }
    let short = matches!(parts.code, Code::Unavailable | Code::ResourceExhausted);
    let throttled = short && throttle.failed();
    let asked = match parts.pushback {
        Some(Pushback::After(pause)) => Some(parts.retry_after.map_or(pause, |after| after.max(pause))),
        _ => parts.retry_after,
    };
    let pause = match asked {
        Some(asked) if short || parts.code == Code::Aborted => {
            let jitter = backoff(FIRST_PAUSE, LONGEST_PAUSE, tries.made).mul_f64(fastrand::f64());
            (tries.made < MAX_WAITS).then(|| asked + jitter)
        }
        _ if parts.pushback == Some(Pushback::Never) => None,
        // It restarts behind a proxy, which listens all the while.
        _ if tries.known && parts.code == Code::Unavailable && parts.reason.is_empty() => {
            Some(jittered(backoff(FIRST_RETRY, LONGEST_RETRY, tries.made)))
        }
        _ if short => {
            (tries.made < MAX_ATTEMPTS && !throttled).then(|| jittered(backoff(FIRST_RETRY, LONGEST_RETRY, tries.made)))
        }
        _ if error.reason() == Reason::WriteContention => {
            (tries.made < MAX_ATTEMPTS).then(|| jittered(backoff(FIRST_PAUSE, LONGEST_PAUSE, tries.made)))
        }
        _ => None,
    };
    pause.filter(|pause| *pause < remaining)
}

/// How long to wait before a cut stream is taken up again; none: it failed for good.
pub(crate) fn stream_pause(error: &Error, attempt: u32) -> Option<Duration> {
    let pause = jittered(backoff(FIRST_PAUSE, LONGEST_PAUSE, attempt));
    if let Some(after) = error.retry_after() {
        return Some(after + pause);
    }
    if error.parts().renewed {
        return (attempt < MAX_ATTEMPTS).then_some(pause);
    }
    let cut = matches!(error.code(), Code::Unavailable | Code::ResourceExhausted | Code::DeadlineExceeded)
        || error.reason() == Reason::WriteContention;
    // INTERNAL or CANCELLED without a reason is not from Loci: a proxy or gRPC itself reset the stream.
    let reset = matches!(error.code(), Code::Internal | Code::Cancelled) && error.reason_name().is_empty();
    (cut || reset).then_some(pause)
}

/// Whether a pause is over before the patience is, which began when there was progress.
pub(crate) fn is_within(moved_at: Instant, pause: Duration, patience: Duration) -> bool {
    moved_at.elapsed().saturating_add(pause) < patience
}

/// Holds back retries when most calls fail, as they would only add to the load: gRPC's retryThrottling with 100 tokens,
/// of which a failure takes one and a success gives back a tenth. Retries need more than half of them.
#[derive(Debug)]
pub(crate) struct Throttle {
    tenths: AtomicU32,
}

impl Throttle {
    const FULL: u32 = 1000;

    pub(crate) fn new() -> Self {
        Self { tenths: AtomicU32::new(Self::FULL) }
    }

    pub(crate) fn succeeded(&self) {
        // A full one is only read, so that calls in parallel do not contend for it.
        if self.tenths.load(Ordering::Relaxed) < Self::FULL {
            self.change(|tenths| (tenths + 1).min(Self::FULL));
        }
    }

    /// Whether retries are held back now.
    fn failed(&self) -> bool {
        self.change(|tenths| tenths.saturating_sub(10)) <= Self::FULL / 2
    }

    fn change(&self, change: impl Fn(u32) -> u32) -> u32 {
        let before = self.tenths.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tenths| Some(change(tenths)));
        change(before.unwrap_or_else(|unchanged| unchanged))
    }
}

/// Doubles with each attempt, which count from 1.
fn backoff(first: Duration, longest: Duration, attempt: u32) -> Duration {
    (first * 2_u32.pow(attempt.saturating_sub(1).min(10))).min(longest)
}

/// Half of it to all of it, so that many clients do not come back at once.
fn jittered(pause: Duration) -> Duration {
    pause.mul_f64(0.5 + fastrand::f64() / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(3600);

    fn answered(code: Code, reason: &str, retry_after: Option<u64>) -> Error {
        let mut error = Error::new(code, "", Origin::Answer);
        error.parts_mut().reason = reason.into();
        error.parts_mut().retry_after = retry_after.map(Duration::from_millis);
        error
    }

    fn pause(error: &Error, made: u32) -> Option<Duration> {
        unary_pause(error, Tries { made, ..Tries::default() }, true, LONG, &Throttle::new())
    }

    #[test]
    fn what_is_unavailable_is_tried_four_times() {
        for code in [Code::Unavailable, Code::ResourceExhausted] {
            let error = answered(code, "", None);
            assert!((1..4).all(|made| pause(&error, made).is_some_and(|pause| pause <= LONGEST_RETRY)));
            assert_eq!(pause(&error, 4), None);
        }
    }

    #[test]
    fn waits_that_the_server_asks_for_are_kept_up_to_ten_times() {
        for code in [Code::Unavailable, Code::ResourceExhausted, Code::Aborted] {
            let error = answered(code, "DATABASE_UNAVAILABLE", Some(700));
            assert!((1..10).all(|made| pause(&error, made).is_some_and(|pause| pause >= Duration::from_millis(700))));
            assert_eq!(pause(&error, 10), None);
        }
        assert_eq!(pause(&answered(Code::NotFound, "", Some(700)), 1), None);
    }

    #[test]
    fn pushback_is_honoured() {
        let mut error = answered(Code::ResourceExhausted, "", None);
        error.parts_mut().pushback = Some(Pushback::After(Duration::from_millis(900)));
        assert!(pause(&error, 1) >= Some(Duration::from_millis(900)));
        error.parts_mut().pushback = Some(Pushback::Never);
        assert_eq!(pause(&error, 1), None);
        // The server says "never" of long waits: gRPC's own retries shall not make them, but this client may.
        error.parts_mut().retry_after = Some(Duration::from_secs(5));
        assert!(pause(&error, 1) >= Some(Duration::from_secs(5)));
    }

    #[test]
    fn write_contention_is_tried_again_and_other_aborts_are_not() {
        assert!(pause(&answered(Code::Aborted, "WRITE_CONTENTION", None), 3).is_some());
        assert_eq!(pause(&answered(Code::Aborted, "WRITE_CONTENTION", None), 4), None);
        assert_eq!(pause(&answered(Code::Aborted, "ETAG_MISMATCH", None), 1), None);
    }

    #[test]
    fn what_must_not_happen_twice_is_only_tried_again_where_nothing_was_sent() {
        let throttle = Throttle::new();
        let tries = Tries { known: true, made: 1, refused: 50 };
        let broken = Error::cut("broken");
        assert_eq!(unary_pause(&broken, tries, false, LONG, &throttle), None);
        let refused = Error::new(Code::Unavailable, "", Origin::Refused);
        assert!(unary_pause(&refused, tries, false, LONG, &throttle).is_some());
    }

    #[test]
    fn a_server_that_never_answered_is_not_waited_for() {
        let refused = Error::new(Code::Unavailable, "", Origin::Refused);
        let pause = |known, refusals| {
            let tries = Tries { known, made: 0, refused: refusals };
            unary_pause(&refused, tries, true, LONG, &Throttle::new())
        };
        assert!(pause(false, 3).is_some() && pause(false, 4).is_none() && pause(true, 4).is_some());
    }

    #[test]
    fn a_server_that_has_answered_is_waited_for_behind_a_proxy_too() {
        let known = Tries { known: true, made: 40, refused: 0 };
        let pause = |error: &Error, repeatable| unary_pause(error, known, repeatable, LONG, &Throttle::new());
        for error in [Error::cut("broken"), answered(Code::Unavailable, "", None)] {
            assert!(pause(&error, true).is_some());
            assert!(pause(&error, false).is_none());
        }
        assert_eq!(pause(&answered(Code::Unavailable, "DRAINING", None), true), None);
        assert_eq!(pause(&answered(Code::ResourceExhausted, "", None), true), None);
    }

    #[test]
    fn no_pause_is_longer_than_the_deadline_leaves() {
        let asked = answered(Code::Unavailable, "", Some(1000));
        let left = Duration::from_millis(900);
        assert_eq!(unary_pause(&asked, Tries { made: 1, ..Tries::default() }, true, left, &Throttle::new()), None);
        let refused = Error::new(Code::Unavailable, "", Origin::Refused);
        let tries = Tries { known: true, made: 0, refused: 9 };
        assert_eq!(unary_pause(&refused, tries, true, left, &Throttle::new()), None);
    }

    #[test]
    fn retries_are_held_back_when_most_calls_fail() {
        let throttle = Throttle::new();
        let held = |_| throttle.failed();
        assert_eq!((0..60).map(held).filter(|held| *held).count(), 11);
        (0..120).for_each(|_| throttle.succeeded());
        assert!(!throttle.failed());
    }

    #[test]
    fn cut_streams_are_taken_up_and_failed_ones_are_not() {
        for code in
            [Code::Unavailable, Code::ResourceExhausted, Code::DeadlineExceeded, Code::Internal, Code::Cancelled]
        {
            assert!(stream_pause(&answered(code, "", None), 1).is_some(), "{code:?}");
        }
        for (code, reason) in [
            (Code::Internal, "INTERNAL"),
            (Code::NotFound, "GRAPH_NOT_FOUND"),
            (Code::OutOfRange, "REVISION_COMPACTED"),
            (Code::DataLoss, ""),
        ] {
            assert_eq!(stream_pause(&answered(code, reason, None), 1), None, "{reason}");
        }
    }

    #[test]
    fn a_stream_goes_on_with_another_token_but_not_for_ever() {
        let mut refused = answered(Code::Unauthenticated, "CREDENTIAL_EXPIRED", None);
        assert_eq!(stream_pause(&refused, 1), None);
        refused.parts_mut().renewed = true;
        assert!(stream_pause(&refused, 3).is_some());
        assert_eq!(stream_pause(&refused, 4), None);
    }

    #[test]
    fn a_pause_of_any_length_may_be_asked_for() {
        let mut asked = answered(Code::Unavailable, "DRAINING", None);
        for pause in [Duration::from_secs(i64::MAX.unsigned_abs()), Duration::from_millis(u64::MAX)] {
            asked.parts_mut().retry_after = Some(pause);
            assert!(stream_pause(&asked, 1) >= Some(pause));
            assert!(!is_within(Instant::now(), pause, LONG));
        }
    }
}
