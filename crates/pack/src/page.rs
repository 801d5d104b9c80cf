//! What index.html says of the program.

use crate::Outcome;

/// The files of the program, by name.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Program<'a> {
    /// The JavaScript around it.
    pub(crate) loader: &'a str,
    /// The WebAssembly module.
    pub(crate) module: &'a str,
}

/// Finds the program's files in the text of index.html, as the patterns in
/// Trunk.toml have put them there.
pub(crate) fn program(index: &str) -> Outcome<Program<'_>> {
    let (_, element) = index
        .split_once("<link id=\"program\"")
        .ok_or("index.html has no element `program`: see `pattern_script` in Trunk.toml")?;
    let (element, _) = element.split_once('>').ok_or("the element `program` has no end")?;
    Ok(Program {
        loader: file(element, "href")?,
        module: file(element, "data-wasm")?,
    })
}

/// The file in an attribute, without the path before its name.
fn file<'a>(element: &'a str, attribute: &str) -> Outcome<&'a str> {
    let start = format!(" {attribute}=\"");
    let (_, value) = element
        .split_once(&start)
        .ok_or_else(|| format!("the element `program` has no attribute `{attribute}`"))?;
    let value = value.split('"').next().unwrap_or_default();
    Ok(value.rsplit('/').next().unwrap_or(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_found_under_any_path() {
        for path in ["./", "/some/where/"] {
            let index = format!(
                r#"<link rel="x" href="y"><link id="program" rel="modulepreload" href="{path}a.js" data-wasm="{path}b.wasm" />"#
            );
            let expected = Program {
                loader: "a.js",
                module: "b.wasm",
            };
            assert_eq!(program(&index), Ok(expected));
        }
    }

    #[test]
    fn a_page_without_a_program_is_refused() {
        assert!(program("<p>").is_err());
        assert!(program("<link id=\"program\" href=\"a.js\" />").is_err());
    }
}
