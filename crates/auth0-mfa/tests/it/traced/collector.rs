//! Every span and event of one thread: tests run beside each other.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Once;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

thread_local! {
    /// There while this thread's are collected.
    static COLLECTED: RefCell<Option<Collected>> = const { RefCell::new(None) };
}

/// What one thread said.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    pub(crate) spans: Vec<Said>,
    pub(crate) events: Vec<Said>,
}

/// A span or an event.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) target: String,
    level: String,
    fields: Fields,
    /// Of a span, the one around it.
    pub(crate) parent: Option<u64>,
    /// Of an event, the one that it is in.
    pub(crate) span: Option<u64>,
}

#[derive(Debug, Default)]
struct Fields(BTreeMap<String, String>);

/// What a function returns, and what was said in it.
pub(crate) fn collected<R>(function: impl FnOnce() -> R) -> (R, Collected) {
    static SUBSCRIBED: Once = Once::new();
    SUBSCRIBED.call_once(|| {
        let subscriber = tracing_subscriber::registry().with(Collector);
        tracing::subscriber::set_global_default(subscriber).unwrap();
    });
    COLLECTED.set(Some(Collected::default()));
    let returned = function();
    (returned, COLLECTED.take().unwrap())
}

impl Collected {
    /// All of it as one text.
    pub(crate) fn text(&self) -> String {
        format!("{self:?}")
    }
}

impl Said {
    fn new(metadata: &Metadata<'_>) -> Self {
        Self {
            id: 0,
            name: metadata.name().to_owned(),
            target: metadata.target().to_owned(),
            level: metadata.level().to_string(),
            fields: Fields::default(),
            parent: None,
            span: None,
        }
    }

    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.fields.0.get(name).map(String::as_str)
    }

    pub(crate) fn level_and_target(&self) -> String {
        format!("{} {}", self.level, self.target)
    }
}

struct Collector;

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Collector {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut said = Said { id: id.into_u64(), ..Said::new(attributes.metadata()) };
        said.parent = context.span(id).and_then(|span| span.parent()).map(|parent| parent.id().into_u64());
        attributes.record(&mut said.fields);
        with_own(|own| own.spans.push(said));
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, _: Context<'_, S>) {
        with_own(|own| {
            let span = own.spans.iter_mut().find(|span| span.id == id.into_u64());
            values.record(&mut span.expect("a span of this thread").fields);
        });
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let span = context.event_span(event).map(|span| span.id().into_u64());
        let mut said = Said { span, ..Said::new(event.metadata()) };
        event.record(&mut said.fields);
        with_own(|own| own.events.push(said));
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.to_owned());
    }
}

fn with_own(function: impl FnOnce(&mut Collected)) {
    COLLECTED.with_borrow_mut(|own| own.as_mut().map_or((), function));
}
