//! Starts the page; everything else is in the library.

fn main() {
    #[cfg(target_arch = "wasm32")]
    mqlab_playground::ui::start();
}
