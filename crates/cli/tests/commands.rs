//! What the commands print, as literate test cases. To accept what they print
//! now: `TRYCMD=overwrite cargo test -p mqlab-cli`.

#[test]
fn commands_print_what_is_written() {
    trycmd::TestCases::new().case("tests/commands/*.trycmd");
}
