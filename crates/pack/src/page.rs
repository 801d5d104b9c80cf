//! What index.html says of the program.

use crate::Outcome;
use crate::cut::LOAD;

/// The script that keeps the page for times without a network: index.html does not
/// name it.
const SERVICE_WORKER: &str = "offline.js";

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

/// index.html with the name of the file that holds a part of the program which is not
/// the first: where the shell finds it by its `id`, and the service worker.
pub(crate) fn with_part(index: &str, id: &str, name: &str) -> Outcome<String> {
    let (before, behind) = index
        .split_once("<link id=\"program\"")
        .ok_or("index.html has no element `program`")?;
    // Not a prefetch: the browser must not load it before the first part.
    Ok(format!(
        "{before}<link id=\"{id}\" rel=\"x-rest\" href=\"./{name}\" /><link id=\"program\"{behind}"
    ))
}

/// The loader that gives the first part what loads the rest on the spot, and the
/// shell (`www/shell.js`) what the rest needs.
pub(crate) fn loader(text: &str) -> Outcome<String> {
    // The last lines of the function that puts together what a module is given.
    let head = "return {\n__proto__: null,\n";
    if text.matches(head).count() != 1 {
        return Err("the loader does not give its module anything that is known".to_owned());
    }
    let with_load = format!("{head}\"{LOAD}\": {{ {LOAD}: () => globalThis.mqlabLoadRest() }},\n");
    let start = "wasm.__wbindgen_start();\n";
    if text.matches(start).count() != 1 {
        return Err("the loader does not start its module in a way that is known".to_owned());
    }
    let with_first = format!("globalThis.mqlabFirst(wasm, __wbg_get_imports);\n{start}");
    Ok(text.replace(head, &with_load).replace(start, &with_first))
}

/// A style sheet of the page.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Sheet<'a> {
    /// Its element as it stands in index.html.
    element: &'a str,
    /// The name of its file.
    pub(crate) file: &'a str,
    /// Whether only the rest of the program shows what it is for.
    pub(crate) is_late: bool,
}

/// The page's style sheets, in their order.
pub(crate) fn sheets(index: &str) -> Outcome<Vec<Sheet<'_>>> {
    let mut sheets = Vec::new();
    for (start, _) in index.match_indices("<link rel=\"stylesheet\"") {
        let end = index[start..].find('>').ok_or("a style sheet's element has no end")?;
        let element = &index[start..=start + end];
        sheets.push(Sheet {
            element,
            file: file(element, "href")?,
            is_late: element.contains(" data-late"),
        });
    }
    // One of the first ones behind a late one would win against it in a debug build only.
    if !sheets.is_sorted_by_key(|sheet| sheet.is_late) {
        return Err("in index.html style sheets with `data-late` stand behind the others".to_owned());
    }
    Ok(sheets)
}

/// index.html with one style sheet in the place of all; the shell asks for that of the
/// rest itself ([`with_part`]).
pub(crate) fn with_sheet(index: &str, sheets: &[Sheet<'_>], name: &str) -> String {
    let mut index = index.to_owned();
    for (at, sheet) in sheets.iter().enumerate() {
        let one = if at == 0 {
            format!("<link rel=\"stylesheet\" href=\"./{name}\" />")
        } else {
            String::new()
        };
        index = index.replacen(sheet.element, &one, 1);
    }
    index
}

/// A style sheet without comments, indents, and spaces that say nothing. Its strings
/// hold none of what is looked for.
pub(crate) fn tight(sheet: &str) -> String {
    let mut parts = sheet.split("/*");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str(part.split_once("*/").map_or("", |(_, behind)| behind));
    }
    let mut tight = String::new();
    for line in plain.lines().map(str::trim).filter(|line| !line.is_empty()) {
        tight.push_str(&line.replace(": ", ":").replace(" {", "{"));
        // Elsewhere the end of a line stands between two words.
        if !line.ends_with(['{', '}', ';', ',']) {
            tight.push(' ');
        }
    }
    tight.replace(";}", "}")
}

/// index.html without comments and indents. Its texts have no lines of their own.
pub(crate) fn tight_page(index: &str) -> String {
    let mut parts = index.split("<!--");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str(part.split_once("-->").map_or("", |(_, behind)| behind));
    }
    let lines = plain.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// The page's own scripts, by the names of their files.
pub(crate) fn scripts(index: &str) -> Outcome<Vec<&str>> {
    let mut scripts = vec![SERVICE_WORKER];
    for (start, _) in index.match_indices("<script src=") {
        scripts.push(file(&index[start..], "src")?);
    }
    Ok(scripts)
}

/// A script without indents and without comments that have lines of their own: ours
/// have no other ones that begin like one, and no texts of several lines.
pub(crate) fn tight_script(script: &str) -> String {
    let mut tight = String::new();
    let mut is_comment = false;
    for line in script.lines().map(str::trim) {
        is_comment |= line.starts_with("/*");
        if !is_comment && !line.is_empty() && !line.starts_with("//") {
            tight.push_str(line);
            tight.push('\n');
        }
        is_comment &= !line.ends_with("*/");
    }
    tight
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
    fn style_sheets_become_one_where_the_first_stood() {
        let index = r#"<a><link rel="stylesheet" href="./x.css" integrity="y"/><b>
<link rel="stylesheet" href="./z.css" data-late=""/><c>"#;
        let found = sheets(index).expect("both are complete");
        let told: Vec<(&str, bool)> = found.iter().map(|sheet| (sheet.file, sheet.is_late)).collect();
        assert_eq!(told, [("x.css", false), ("z.css", true)]);
        let expected = "<a><link rel=\"stylesheet\" href=\"./one.css\" /><b>\n<c>";
        assert_eq!(with_sheet(index, &found, "one.css"), expected);
    }

    #[test]
    fn a_late_style_sheet_stands_last() {
        let index = r#"<link rel="stylesheet" href="x.css" data-late/><link rel="stylesheet" href="z.css"/>"#;
        assert!(sheets(index).is_err());
    }

    #[test]
    fn a_tight_sheet_says_the_same() {
        let sheet = "/* a\n b */\n.x,\n.x :is(a) {\n  color: red; /* why */\n  font:\n    14px/1.5 a,\n    b;\n}\n";
        assert_eq!(tight(sheet), ".x,.x :is(a){color:red;font: 14px/1.5 a,b}");
    }

    #[test]
    fn a_tight_page_has_no_comments() {
        let page = "<body>\n  <!-- Why.\n   -->\n  <p>a b\n    c</p> <!-- d --><i></i>\n</body>";
        assert_eq!(tight_page(page), "<body>\n<p>a b\nc</p> <i></i>\n</body>\n");
    }

    #[test]
    fn a_tight_script_has_no_comments() {
        let script = "// Why.\n/** What\n * it is. */\nconst a = 1; // As it is.\n\n  /* b */\n  go(\"/*\");\n";
        assert_eq!(tight_script(script), "const a = 1; // As it is.\ngo(\"/*\");\n");
    }

    #[test]
    fn the_pages_own_scripts_are_found() {
        let index = r#"<script src="./a.js"></script><link href="b.js"><script src="./c.js"></script>"#;
        assert_eq!(scripts(index), Ok(vec!["offline.js", "a.js", "c.js"]));
    }

    #[test]
    fn a_page_without_a_program_is_refused() {
        assert!(program("<p>").is_err());
        assert!(program("<link id=\"program\" href=\"a.js\" />").is_err());
    }
}
