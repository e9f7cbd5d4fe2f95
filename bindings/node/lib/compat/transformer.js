'use strict';

// XML to objects and back, under the names that business code knows.

const { refused } = require('../errors.js');
const protocol = require('../protocol.js');

/** A leaf is its text, anything else an object; of several children of one name, a list. */
function plain({ text, children }) {
  if (children.length === 0) return text.trim();
  const object = {};
  for (const child of children) {
    const value = plain(child);
    if (!Object.hasOwn(object, child.name)) object[child.name] = value;
    else if (Array.isArray(object[child.name])) object[child.name].push(value);
    else object[child.name] = [object[child.name], value];
  }
  return object;
}

/** The fields of an XML text. What is no text is left as it is: it has been read before. */
function toObject(xml) {
  if (typeof xml !== 'string' && !(xml instanceof Uint8Array)) return xml;
  return plain(protocol.xmlRead(xml));
}

const LEGAL = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;
const NAME = /^[A-Za-z_][\w.-]*$/;

function element(name, value) {
  if (!NAME.test(name)) throw refused([{ field: name, rule: 'is not a name that XML can carry', length: 0 }]);
  if (Array.isArray(value)) return value.map((one) => element(name, one)).join('');
  return `<${name}>${inside(name, value)}</${name}>`;
}

function inside(name, value) {
  if (value !== null && typeof value === 'object') {
    return Object.entries(value).map(([child, one]) => element(child, one)).join('');
  }
  const text = value === undefined || value === null ? '' : String(value);
  if (!LEGAL.test(text)) throw refused([{ field: name, rule: "holds a character that XML 1.0 can't carry", length: 0 }]);
  return /[<>&'"]/.test(text) ? `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>` : text;
}

/** An object as XML, with children where it has objects in it. */
const toXml = (fields) => element('xml', fields);

class Transformer {
  static toObject = toObject;

  static toXml = toXml;
}

module.exports = { Transformer, toObject, toXml };
