/**
 * What people bring along from Spring, OGNL, Java or JavaScript, and how the same is said here. The parser puts these
 * sentences into the `hint` of its refusals.
 */
const METHOD_HABITS: ReadonlyMap<string, string> = new Map([
  ['toUpperCase', '#string.upperCase(value)'],
  ['toLowerCase', '#string.lowerCase(value)'],
  ['upperCase', '#string.upperCase(value)'],
  ['lowerCase', '#string.lowerCase(value)'],
  ['trim', '#string.trim(value)'],
  ['strip', '#string.trim(value)'],
  ['length', '#string.length(value)'],
  ['substring', '#string.substring(value, start, end)'],
  ['slice', '#string.substring(value, start, end)'],
  ['substr', '#string.substring(value, start, end)'],
  ['startsWith', '#string.startsWith(value, prefix)'],
  ['endsWith', '#string.endsWith(value, suffix)'],
  ['split', '#string.split(value, separators)'],
  ['join', '#string.join(list, separator)'],
  ['indexOf', '#string.indexOf(value, text, from) or #data.indexOf(list, element)'],
  ['lastIndexOf', '#string.lastIndexOf(value, text, from)'],
  ['replace', '#string.replace(value, text, replacement, -1)'],
  ['replaceAll', '#regex.replaceAll(value, regex, replacement)'],
  ['replaceFirst', '#regex.replaceFirst(value, regex, replacement)'],
  ['matches', "value matches 'regex'"],
  ['contains', '#string.indexOf(value, text, 0) >= 0, or #data.containsAny(list, {element})'],
  ['containsAll', '#data.containsAll(list, elements)'],
  ['includes', '#string.indexOf(value, text, 0) >= 0, or #data.containsAny(list, {element})'],
  ['isEmpty', '! #string.isNotEmpty(value), or ! #data.isNotEmpty(list)'],
  ['isBlank', '! #string.isNotBlank(value)'],
  ['size', '#data.size(list)'],
  ['get', "list[0] or map['key']"],
  ['charAt', '#string.substring(value, index, index + 1)'],
  ['concat', "value + 'text'"],
  ['equals', 'value == other'],
  ['equalsIgnoreCase', '#string.compare(value, other, true) == 0'],
  ['compareTo', '#string.compare(value, other, false)'],
  ['toString', "'' + value"],
  ['format', '#string.format(format, values)'],
  ['valueOf', "'' + value, or #string.asInt(value, 0)"],
  ['parseInt', '#string.asInt(value, 0)'],
  ['filter', 'list.?[condition]'],
  ['map', 'list.![expression]'],
  ['find', 'list.^[condition]'],
]);

/** What to write instead of the method `.name(…)`. */
export function methodHint(name: string): string {
  const instead = METHOD_HABITS.get(name);
  return instead === undefined
    ? 'Only functions of #string, #datetime, #data, #regex, #crypto and #core can be called.'
    : `Write ${instead}.`;
}

/** What to write instead of a type, `T(java.lang.Math)`, in view of the class named. */
export function typeHint(typeName: string): string {
  const simple = typeName.slice(typeName.lastIndexOf('.') + 1);
  if (
    /^(LocalDate|LocalDateTime|Instant|ZonedDateTime|OffsetDateTime|Date|DateTimeFormatter|ChronoUnit|Duration|Period)$/.test(
      simple,
    )
  ) {
    return 'Write dates with #datetime, for example #datetime.now() or #datetime.format(value, pattern).';
  }
  if (/^(Integer|Long|Double|Float|BigDecimal|BigInteger)$/.test(simple))
    return `Write #string.as${numberName(simple)}(value, default).`;
  if (/^(String|StringUtils|Strings)$/.test(simple)) return 'Write the functions of #string.';
  if (/^(Collections|Arrays|List|ArrayList|CollectionUtils)$/.test(simple))
    return 'Write {a, b} for a list and the functions of #data.';
  if (/^(Base64|URLEncoder|URLDecoder)$/.test(simple))
    return 'Write #string.asBase64Encoded(value) or #string.asUrlEncoded(value).';
  if (/^(Pattern|Matcher)$/.test(simple)) return 'Write the functions of #regex.';
  if (/^(Mac|MessageDigest|DigestUtils)$/.test(simple))
    return "Write #crypto.hmacHexDigest(data, key, 'HmacSHA256').";
  if (simple === 'Math') return 'Arithmetic has + - * / % and ^ only.';
  return 'Java types are out of reach: use the functions of #string, #datetime, #data, #regex, #crypto and #core.';
}

function numberName(simple: string): string {
  if (simple === 'Integer') return 'Int';
  return simple === 'BigInteger' ? 'BigInt' : simple;
}

/** Function names people guess in a library, with the one that exists. */
export const FUNCTION_HABITS: ReadonlyMap<string, string> = new Map([
  ['toUpperCase', 'upperCase'],
  ['toLowerCase', 'lowerCase'],
  ['upper', 'upperCase'],
  ['lower', 'lowerCase'],
  ['uppercase', 'upperCase'],
  ['lowercase', 'lowerCase'],
  ['substr', 'substring'],
  ['concat', 'join'],
  ['toInt', 'asInt'],
  ['base64Encode', 'asBase64Encoded'],
  ['base64Decode', 'asBase64Decoded'],
  ['urlEncode', 'asUrlEncoded'],
  ['urlDecode', 'asUrlDecoded'],
  ['coalesce', 'firstNonEmpty'],
  ['if', 'ifelse'],
  ['ifElse', 'ifelse'],
  ['switch', 'switchExpr'],
  ['findAll', 'findAllMatches'],
  ['replace', 'replaceAll'],
  ['length', 'size'],
  ['contains', 'containsAny'],
  ['parseDate', 'parse'],
  ['hmac', 'hmacHexDigest'],
]);
