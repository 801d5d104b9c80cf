//! What the TOML parser says. Its messages are found by their English, so that a row is
//! the very text of `toml` and `toml_parser`.

/// Gives these rows to the macro `$then`, behind the rows that it has.
macro_rules! toml {
    ($then:ident [$($next:ident)*] { $($before:tt)* }) => {
        $then! {
            [$($next)*] {
                $($before)*

                WhatWasExpected: "{0}, expected {1}";
                AndMore: "{0}, {1}";
                TomlDuplicateKey: "duplicate key";
                TomlExtend: "cannot extend value of type {0} with a dotted key";
                TomlExtendInline: "cannot extend value of type inline table with a dotted key";
                TomlUnderscore: "`_` may only go between digits";
                TomlRecursion: "cannot recurse further; max recursion depth met";
                TomlRecursionLimit: "recursion limit";
                TomlCarriageReturn: "carriage return must be followed by newline";
                TomlExtraEquals: "extra `=`";
                TomlExtraAssignment: "extra assignment between key-value pairs";
                TomlExtraCommaArray: "extra comma in array";
                TomlExtraCommaTable: "extra comma in inline table";
                TomlSignedRadix: "integers with a radix cannot be signed";
                TomlComment: "invalid comment character";
                TomlInlineElement: "invalid inline table element";
                TomlPair: "invalid key-value pair";
                TomlUnquotedKey: "invalid unquoted key";
                TomlValue: "invalid value";
                TomlKeyWithoutValue: "key with no value";
                TomlKeyBasic: "keys cannot be multi-line basic strings";
                TomlKeyLiteral: "keys cannot be multi-line literal strings";
                TomlNoArray: "missing array opening";
                TomlNoAssignment: "missing assignment between key-value pairs";
                TomlNoCommaArray: "missing comma between array elements";
                TomlNoComma: "missing comma between key-value pairs";
                TomlNoComment: "missing comment start";
                TomlNoEscaped: "missing escaped value";
                TomlNoInline: "missing inline table opening";
                TomlNoInlineKey: "missing key for inline table element";
                TomlNoQuote: "missing opening quote";
                TomlNoTable: "missing table open";
                TomlNoValueForKey: "missing value for key";
                TomlNoValue: "missing value";
                TomlRadixCase: "radix must be lowercase";
                TomlIntegerPrefix: "redundant integer number prefix";
                TomlSign: "redundant numeric sign";
                TomlUnquoted: "string values must be quoted";
                TomlFewDigits: "too few unicode value digits";
                TomlOpenArrayTable: "unclosed array table";
                TomlOpenArray: "unclosed array";
                TomlOpenInline: "unclosed inline table";
                TomlOpenTable: "unclosed table";
                TomlEqualsInArray: "unexpected `=` in array";
                TomlBehindComment: "unexpected content between comment and newline";
                TomlUnexpected: "unexpected content";
                TomlUnexpectedPair: "unexpected key or value";
                TomlLeadingZero: "unexpected leading zero";
                TomlUnexpectedSign: "unexpected sign";
                TomlEmptyKey: "unquoted keys cannot be empty";
                TomlKey: "invalid key";
                TomlTable: "invalid table";
                TomlMantissa: "invalid mantissa";
                TomlFraction: "invalid fraction";
                TomlExponent: "invalid exponent";
                TomlString: "invalid string";
                TomlBoolean: "invalid boolean";
                TomlDateTime: "invalid date-time";
                TomlFloat: "invalid float";
                TomlInteger: "invalid integer number";
                TomlHex: "invalid hexadecimal number";
                TomlOctal: "invalid octal number";
                TomlBinary: "invalid binary number";
                TomlLiteralString: "invalid literal string";
                TomlBasicString: "invalid basic string";
                TomlLongLiteral: "invalid multi-line literal string";
                TomlLongBasic: "invalid multi-line basic string";
                TomlALiteral: "literal string";
                TomlABasic: "basic string";
                TomlALongBasic: "multi-line basic string";
                TomlAnUnquoted: "unquoted string";
                TomlAKey: "key";
                TomlAValue: "value";
                TomlLetters: "letters";
                TomlNumbers: "numbers";
                TomlDigits: "digits";
                TomlCharacters: "characters";
                TomlPrintable: "printable characters";
                TomlNoDouble: "non-double-quote visible characters";
                TomlNoSingle: "non-single-quote characters";
                TomlNoSingleVisible: "non-single-quote visible characters";
                TomlHexValue: "unicode hexadecimal value";
                TomlNewline: "newline";
                TomlADatetime: "invalid datetime";
                TomlDate: "invalid date";
                TomlTime: "invalid time";
                TomlOffset: "invalid offset";
                TomlYearOrHour: "year or hour";
                TomlMonth: "month";
                TomlDay: "day";
                TomlHour: "hour";
                TomlMinute: "minute";
                TomlSecond: "second";
                TomlNanosecond: "nanosecond";
                TomlYearDigits: "a four-digit year (YYYY)";
                TomlMonthDigits: "a two-digit month (MM)";
                TomlDayDigits: "a two-digit day (DD)";
                TomlHourDigits: "a two-digit hour (HH)";
                TomlMinuteDigits: "a two-digit minute (MM)";
                TomlSecondDigits: "a two-digit second (SS)";
                TomlMonthRange: "month between 01 and 12";
                TomlDayRange28: "day between 01 and 28";
                TomlDayRange29: "day between 01 and 29";
                TomlDayRange30: "day between 01 and 30";
                TomlDayRange31: "day between 01 and 31";
                TomlHourRange: "hour between 00 and 23";
                TomlMinuteRange: "minute between 00 and 59";
                TomlSecondRange: "second between 00 and 60";
                TomlHoursRange: "hours between 00 and 23";
                TomlMinutesRange: "minutes between 00 and 59";
                TomlBetweenDateAndTime: "`T` between date and time";
                TomlAnOffset: "`Z`, +OFFSET, -OFFSET";
                TomlOfString: "string";
                TomlOfInteger: "integer";
                TomlOfFloat: "float";
                TomlOfBoolean: "boolean";
                TomlOfDatetime: "datetime";
                TomlOfArray: "array";
                TomlNothing: "nothing";
            }
        }
    };
}
