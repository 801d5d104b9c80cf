//! The JavaScript API, built for Node.js.

use std::path::PathBuf;

use crate::Outcome;
use crate::project::Project;
use crate::requirement::Requirement::{self, WasmBindgen, WasmTargets};

/// The target that browsers and Node.js run.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// What must be installed to build it.
pub(crate) const REQUIRES: &[Requirement] = &[WasmTargets, WasmBindgen];

/// Builds the release module and returns the path of its loader.
pub(crate) fn build(project: &Project) -> Outcome<PathBuf> {
    let build = ["build", "--release", "--target", TARGET, "-p", "mqlab-wasm"];
    project.run("cargo", &build)?;
    let module = project.target_dir().join(TARGET).join("release/mqlab_wasm.wasm");
    let bindings = project.target_dir().join("nodejs");
    project.run(
        "wasm-bindgen",
        &[
            "--target".as_ref(),
            "nodejs".as_ref(),
            "--out-dir".as_ref(),
            bindings.as_os_str(),
            module.as_os_str(),
        ],
    )?;
    Ok(bindings.join("mqlab_wasm.js"))
}
