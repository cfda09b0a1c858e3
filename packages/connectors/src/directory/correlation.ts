/**
 * The pseudo-attribute that says by which attribute and value the directory finds an object again, wherever it is by then:
 * `objectGUID=…`. No attribute of a directory can have this name (RFC 4512 §2.5).
 */
export const CORRELATION = '@correlation';
