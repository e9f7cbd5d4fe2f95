//! A run from its beginning to its end: gateway, workers, kills, and the judgement.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use redpack::{Client, Clock, Failover};
use redpack_sandbox::{Options, Sandbox};

use crate::chance::Chance;
use crate::control::Control;
use crate::driver::{Claims, Driver};
use crate::engine::{Engine, Kind};
use crate::herd::Herd;
use crate::judge::{Judgement, is_open};
use crate::operator;
use crate::permits::Permits;
use crate::place::Place;
use crate::weather;
use crate::world::World;

const DAY: Duration = Duration::from_secs(86_400);

/// What was asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// The journal's engine.
    pub engine: Kind,
    /// The seed of every decision.
    pub seed: u64,
    /// How often to kill.
    pub kills: u64,
    /// How many payments are intended.
    pub payments: u64,
    /// How many workers.
    pub processes: usize,
}

/// What happened.
#[derive(Debug, Default)]
pub struct Figures {
    /// Processes killed with `kill -9`.
    pub kills: u64,
    /// Forks of workers.
    pub forks: usize,
    /// Processes stopped for longer than a lease.
    pub stops: u64,
    /// How often the database was killed.
    pub database_kills: u64,
    /// How often the journal was restored from an old copy.
    pub restores: u64,
    /// Orders that the operator entered again, since the old copy had lost them.
    pub entered: usize,
    /// How often money was taken before the last kill.
    pub debits_meanwhile: u64,
    /// Sends that reached the gateway.
    pub attempts: u64,
    /// Queries that reached it.
    pub queries: u64,
    /// Faults that struck.
    pub faults: u64,
    /// Payments that were begun.
    pub payments: u64,
    /// How often money was taken.
    pub debits: u64,
    /// How far all clocks were moved.
    pub shifted: Duration,
    /// How long the run took.
    pub took: Duration,
}

struct Run {
    wanted: Wanted,
    place: Place,
    world: Arc<World>,
    engine: Engine,
    herd: Herd,
    chance: Chance,
    /// How long those sleep that stop themselves: drawn apart, since when they do is not the seed's.
    naps: Chance,
    figures: Figures,
    operated: operator::Operated,
}

/// Runs it all in an empty folder.
pub fn run(wanted: Wanted, dir: &Path) -> Result<(Figures, Judgement), String> {
    let began = Instant::now();
    let gateway = Options { balance: redpack::Fen(u64::from(u32::MAX)), ..Options::new(dir.join("gateway")) };
    let sandbox = Sandbox::start(gateway).map_err(|error| error.to_string())?;
    let engine = Engine::start(wanted.engine, dir)?;
    let place = Place::create(dir, Place::settings(&sandbox, &engine.url(), wanted.seed))?;
    let control = Control::create(&place.file("control")).map_err(|error| format!("control: {error}"))?;
    let world = Arc::new(World::new(sandbox, control));
    let mut run = Run {
        wanted,
        place,
        world,
        engine,
        herd: Herd::new(dir)?,
        chance: Chance::new(wanted.seed, 0),
        naps: Chance::new(wanted.seed, 2),
        figures: Figures::default(),
        operated: operator::Operated::default(),
    };
    // Made by one process alone, as on a first installation.
    drop(run.client()?);
    run.torture()?;
    run.finish(began)
}

impl Run {
    fn client(&self) -> Result<Client, String> {
        let journal = self.place.journal(&self.world.shift)?;
        self.place.client(Arc::clone(&self.world) as Arc<dyn Clock>, journal, Failover::ConnectPhase)
    }

    fn permits(&self) -> Result<Permits, String> {
        Permits::open(&self.place.file("permits")).map_err(|error| format!("permits: {error}"))
    }

    /// Until all kills are done.
    fn torture(&mut self) -> Result<(), String> {
        let Wanted { kills, payments, processes, .. } = self.wanted;
        let (copy_at, restore_at, accept_at) = (kills * 35 / 100, kills * 55 / 100, kills * 70 / 100);
        let database_every = (kills / 8).clamp(8, 60);
        let (mut copied, mut restored, mut accepted) = (false, false, false);
        let mut database_at = database_every;
        let mut next_kill = Instant::now() + Duration::from_millis(500);
        let mut next_weather = Instant::now();
        while self.herd.kills < kills {
            let released = (40 + payments * self.herd.kills / kills.max(1)).min(payments);
            self.world.control.release(released).map_err(|error| format!("control: {error}"))?;
            self.herd.look();
            self.herd.fill(processes)?;
            self.herd.go_on(&mut self.naps);
            if next_weather <= Instant::now() {
                weather::change(&self.world.sandbox, &mut self.chance)?;
                self.claim_some();
                next_weather = Instant::now() + self.chance.millis(1_000, 3_000);
            }
            if next_kill <= Instant::now() {
                self.herd.kill_one(&mut self.chance);
                next_kill = Instant::now() + self.chance.millis(60, 400);
            }
            if self.chance.permille(60) {
                self.herd.stop_one(&mut self.chance);
            }
            self.let_time_pass();
            if database_at <= self.herd.kills {
                database_at = self.herd.kills + database_every;
                self.figures.database_kills += u64::from(self.engine.kill(&mut self.chance)?);
            }
            if !copied && self.herd.kills >= copy_at {
                copied = true;
                self.herd.kill_all();
                self.engine.copy()?;
                self.note("copied")?;
            }
            if copied && !restored && self.herd.kills >= restore_at {
                restored = true;
                self.herd.kill_all();
                self.engine.restore()?;
                self.figures.restores += 1;
                self.note("restored")?;
            }
            // Between the two, the workers have an old copy that nobody has looked at.
            if restored && !accepted && self.herd.kills >= accept_at {
                accepted = true;
                self.herd.kill_all();
                self.operated = operator::deal_with_restore(&self.world, &self.client()?, &self.permits()?)?;
                self.note("accepted")?;
            }
            std::thread::sleep(self.chance.millis(20, 60));
        }
        self.herd.kill_all();
        Ok(())
    }

    /// Writes down, between the workers' claims, what was done to the journal.
    fn note(&self, what: &str) -> Result<(), String> {
        let claims = Claims::open(&self.place.file("claims")).map_err(|error| format!("claims: {error}"))?;
        claims.note(what, "-");
        Ok(())
    }

    fn let_time_pass(&mut self) {
        let time = match self.chance.below(1000) {
            0..400 => self.chance.millis(500, 4_000),
            400..550 => self.chance.millis(10_000, 130_000),
            550..580 => Duration::from_secs(21 * 60),
            580..583 => DAY,
            583 => 3 * DAY,
            _ => return,
        };
        self.world.advance(time);
    }

    /// Recipients open packets.
    fn claim_some(&mut self) {
        for (number, order) in self.world.sandbox.ledger().orders {
            if order.status == redpack::OrderStatus::Sent && self.chance.permille(200) {
                let _claimed = self.world.sandbox.claim(&number);
            }
        }
    }

    /// No more faults: every payment that was begun is brought to its end, as the driver would.
    fn finish(mut self, began: Instant) -> Result<(Figures, Judgement), String> {
        self.figures.debits_meanwhile = self.world.sandbox.ledger().totals.debits;
        weather::clear(&self.world.sandbox);
        self.world.advance(Duration::from_secs(2 * 3600));
        let released = self.world.control.released();
        let claims = Claims::open(&self.place.file("claims")).map_err(|error| format!("claims: {error}"))?;
        let (client, permits) = (self.client()?, self.permits()?);
        let journal = client.journal().cloned().ok_or("no journal")?;
        let mut driver = Driver { client, claims, permits, chance: Chance::new(self.wanted.seed, 1) };
        let mut open: Vec<u64> = (0..released).collect();
        for round in 0..40 {
            driver.clean_up(Duration::from_secs(3600));
            open.retain(|payment| !driver.drive(*payment, 12));
            if open.is_empty() && !operator::all(&*journal)?.iter().any(is_open) {
                break;
            }
            self.world.advance(if round < 10 { Duration::from_secs(1500) } else { DAY * 3 });
        }
        let ledger = self.world.sandbox.ledger();
        let told = std::fs::read_to_string(self.place.file("claims")).map_err(|error| error.to_string())?;
        let mut judgement = Judgement::of(&ledger, &*journal, &told, released)?;
        for trouble in self.operated.troubles.iter().chain(&self.herd.deserters) {
            judgement.broke("restore, processes, clean-up", trouble.clone());
        }
        let figures = &mut self.figures;
        figures.kills = self.herd.kills;
        figures.stops = self.herd.stops;
        figures.forks = told.lines().filter(|line| line.starts_with("fork")).count();
        figures.entered = self.operated.entered;
        figures.attempts = ledger.totals.sends;
        figures.queries = ledger.totals.queries;
        figures.faults = ledger.faults.values().sum();
        figures.payments = released;
        figures.debits = ledger.totals.debits;
        figures.shifted = self.world.elapsed().saturating_sub(began.elapsed());
        figures.took = began.elapsed();
        Ok((self.figures, judgement))
    }
}
