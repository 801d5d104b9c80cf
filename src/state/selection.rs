//! What is selected on the stage. Whatever can be pointed at has a name here
//! that a link, an undo and another variant understand: ids of the plan, never
//! positions in a picture.

use mqlab_brokers::rabbitmq::ExchangeId;
use mqlab_model::{MessageId, NodeId, PlaceId};

/// What is selected on the stage.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Selection {
    /// In which variant.
    pub variant: usize,
    /// What of it.
    pub thing: Thing,
}

/// Something that can be selected.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Thing {
    /// What facts are about: a load, a broker, a queue, a service, a table.
    Place(PlaceId),
    /// An exchange of a broker: messages pass it, facts do not name it.
    Exchange(NodeId, ExchangeId),
    /// The way from one thing to another, with the connection under it.
    Way(Station, Station),
    /// One message, wherever it is.
    Message(MessageId),
}

/// Where a way begins or ends.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Station {
    /// At a load, a queue, a service or a table.
    Place(PlaceId),
    /// At an exchange of a broker.
    Exchange(NodeId, ExchangeId),
}

impl Selection {
    /// A place of a variant.
    pub const fn of_place(variant: usize, place: PlaceId) -> Self {
        Selection {
            variant,
            thing: Thing::Place(place),
        }
    }

    /// The place that is selected, if it is one.
    pub const fn place(&self) -> Option<PlaceId> {
        match self.thing {
            Thing::Place(place) => Some(place),
            Thing::Exchange(..) | Thing::Way(..) | Thing::Message(_) => None,
        }
    }
}

impl From<Station> for Thing {
    fn from(station: Station) -> Self {
        match station {
            Station::Place(place) => Thing::Place(place),
            Station::Exchange(broker, exchange) => Thing::Exchange(broker, exchange),
        }
    }
}
