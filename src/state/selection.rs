//! What is selected on the page.

use super::diagram::ItemKind;
use super::lab::Lab;
use mqlab_model::PlaceId;

/// A thing of one variant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Selection {
    /// In which variant.
    pub variant: usize,
    /// Which thing.
    pub place: PlaceId,
}

/// What is selected when nobody has chosen: the first queue, else the first
/// service.
pub fn first(lab: &Lab) -> Option<Selection> {
    let of_kind = |kind| {
        lab.lanes.iter().enumerate().find_map(|(variant, lane)| {
            let item = lane.diagram.items.iter().find(|item| item.kind == kind)?;
            Some(Selection {
                variant,
                place: item.place,
            })
        })
    };
    of_kind(ItemKind::Queue).or_else(|| of_kind(ItemKind::Service))
}

/// The thing of the same name in the variant of the same name of another lab.
pub fn translate(selection: Selection, from: &Lab, to: &Lab) -> Option<Selection> {
    let lane = from.lanes.get(selection.variant)?;
    let item = &lane.diagram.items[lane.diagram.item_at(selection.place)?];
    let variant = to.lanes.iter().position(|other| other.name == lane.name)?;
    let mut items = to.lanes[variant].diagram.items.iter();
    let same = items.find(|other| other.name == item.name && other.kind == item.kind)?;
    Some(Selection {
        variant,
        place: same.place,
    })
}
