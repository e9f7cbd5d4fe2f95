#!/usr/bin/env python3
"""Makes parse.json: `python3 tests/vectors/make/parse.py`.

What is accepted is read by expat, and must come to the tree that stands here by hand or, for the documents' own
examples, that expat makes. What is refused is refused by hand: some of it expat would take, and the library must not.
"""
import xml.etree.ElementTree as etree

from common import write

cases = []


def node(name, content=""):
    return {"name": name, "text": content} if isinstance(content, str) else {"name": name, "children": content}


def by_expat(element):
    children = [by_expat(child) for child in element]
    return node(element.tag, children or element.text or "")


def accepted(name, body, *children, expat=True):
    """`expat=False`: expat refuses it for a reason that is not ours."""
    root = node("xml", list(children)) if children else by_expat(etree.fromstring(body.encode()))
    if expat:
        assert by_expat(etree.fromstring(body.encode())) == root, (name, root)
    cases.append({"name": name, "body": body, "root": root})


def refused(name, body):
    form = {"body": body} if isinstance(body, str) else {"body_hex": body.hex()}
    cases.append({"name": name, **form, "error": True})


def refused_repeat(name, before, middle, times, after):
    repeat = {"before": before, "middle": middle, "times": times, "after": after}
    cases.append({"name": name, "body_repeat": repeat, "error": True})


ONE = node("a", "1")
accepted("plain text", "<xml><a>1</a></xml>", ONE)
accepted("CDATA", "<xml><a><![CDATA[1]]></a></xml>", ONE)
accepted("CDATA and plain text joined", "<xml><a>x<![CDATA[<&]]>y<![CDATA[z]]></a></xml>", node("a", "x<&yz"))
accepted("the end of CDATA, split over two", "<xml><a><![CDATA[x]]]]><![CDATA[>y]]></a></xml>", node("a", "x]]>y"))
accepted("brackets in CDATA", "<xml><a><![CDATA[]]]]]></a></xml>", node("a", "]]]"))
accepted("markup and entities in CDATA stay as they are", "<xml><a><![CDATA[<b>&lt;</b>]]></a></xml>",
         node("a", "<b>&lt;</b>"))
accepted("the five entities", "<xml><a>&lt;&gt;&amp;&apos;&quot;</a></xml>", node("a", "<>&'\""))
accepted("character references", "<xml><a>&#49;&#x31;&#x7EA2;&#129511;</a></xml>", node("a", "11红🧧"))
accepted("an entity's name made of text", "<xml><a>&amp;lt;</a></xml>", node("a", "&lt;"))
accepted("Chinese and emoji", "<xml><a>恭喜🧧</a></xml>", node("a", "恭喜🧧"))
accepted("blanks belong to the text", "<xml><a> 1\n</a></xml>", node("a", " 1\n"))
accepted("line breaks become line feeds", "<xml><a>1\r\n2\r3</a></xml>", node("a", "1\n2\n3"))
accepted("a carriage return by reference stays", "<xml><a>1&#13;&#10;2</a></xml>", node("a", "1\r\n2"))
accepted("layout between fields", "\n <xml>\n\t<a>1</a>\r\n  <b>2</b>\n</xml>\n ", ONE, node("b", "2"), expat=False)
accepted("empty fields", "<xml><a></a><b/><c><![CDATA[]]></c><d /></xml>", node("a"), node("b"), node("c"), node("d"))
accepted("an empty document", "<xml></xml>")
accepted("an empty document, closed at once", "<xml/>")
accepted("text instead of fields", "<xml>hello</xml>")
accepted("a field twice: both, in order", "<xml><a>1</a><b>2</b><a>3</a></xml>", ONE, node("b", "2"), node("a", "3"))
accepted("an XML declaration", '<?xml version="1.0" encoding="UTF-8"?>\n<xml><a>1</a></xml>', ONE)
accepted("a declaration without encoding", "<?xml version='1.0'?><xml><a>1</a></xml>", ONE)
accepted("a byte order mark", "\ufeff<xml><a>1</a></xml>", ONE)
accepted("a byte order mark and a declaration", '\ufeff<?xml version="1.0" encoding="utf-8"?><xml><a>1</a></xml>', ONE)
accepted("another encoding declared, UTF-8 all the same", '<?xml version="1.0" encoding="GBK"?><xml><a>红</a></xml>',
         node("a", "红"), expat=False)
accepted("comments and instructions", "<!-- c --><xml><!-- <a>2</a> --><a>1<!-- 2 --></a><?p i?></xml><!-- c -->", ONE,
         expat=False)
accepted("attributes are passed over", "<xml b='2' c=\"3>\"><a d='4'>1</a></xml>", ONE)
accepted("blanks in tags", "<xml ><a\n>1</a ></xml\t>", ONE)
accepted("names that differ in case", "<xml><A>2</A><a>1</a></xml>", node("A", "2"), ONE)
accepted("nested fields of the same name", "<xml><status>SENT</status><hblist><hbinfo><status>X</status></hbinfo></hblist></xml>",
         node("status", "SENT"), node("hblist", [node("hbinfo", [node("status", "X")])]))
accepted("a claimed packet with two receivers", """<xml>
<return_code><![CDATA[SUCCESS]]></return_code>
<result_code><![CDATA[SUCCESS]]></result_code>
<status><![CDATA[RECEIVED]]></status>
<total_amount>650</total_amount>
<send_time><![CDATA[2015-04-21 20:00:00]]></send_time>
<hblist>
<hbinfo><openid><![CDATA[ohO4GtzOAAYMp2yapORH3dQB3W18]]></openid><amount>325</amount><rcv_time><![CDATA[2015-04-21 20:00:31]]></rcv_time></hbinfo>
<hbinfo><openid><![CDATA[ohO4GtzOAAYMp2yapORH3dQB3W17]]></openid><amount>325</amount><rcv_time><![CDATA[2015-04-21 20:01:02]]></rcv_time></hbinfo>
</hblist>
</xml>""")
accepted("an empty list of receivers", "<xml><hblist>\n</hblist><a>1</a></xml>", node("hblist", "\n"), ONE)
accepted("a refusal under return_code FAIL", "<xml><return_code><![CDATA[FAIL]]></return_code>"
         "<return_msg><![CDATA[签名失败]]></return_msg></xml>")
accepted("the deepest nesting: 16", "<xml>" + "<a>" * 15 + "</a>" * 15 + "</xml>")

refused("nothing", "")
refused("blanks only", " \r\n\t")
refused("a byte order mark only", "\ufeff")
refused("text", "hello")
refused("JSON", '{"return_code":"SUCCESS"}')
refused("a web server's page", "<html><head><title>502 Bad Gateway</title></head><body></body></html>")
refused("another root", "<XML><a>1</a></XML>")
refused("cut in a text", "<xml><a>1</a><b>2")
refused("cut in a tag", "<xml><a>1</a></xm")
refused("cut in CDATA", "<xml><a><![CDATA[1</a></xml>")
refused("cut before the end of the root", "<xml><a>1</a>")
refused("cut in a comment", "<xml><a>1</a><!-- </xml>")
refused("tags that cross", "<xml><a><b>1</a></b></xml>")
refused("an end without a start", "<xml></a></xml>")
refused("something behind the end", "<xml><a>1</a></xml>x")
refused("a second document", "<xml><a>1</a></xml><xml><a>2</a></xml>")
refused("something before the start", "x<xml><a>1</a></xml>")
refused("a DOCTYPE", "<!DOCTYPE xml><xml><a>1</a></xml>")
refused("an entity bomb", '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><xml><a>&b;</a></xml>')
refused("an external entity", '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><a>&a;</a></xml>')
refused("an entity beyond the five", "<xml><a>&nbsp;</a></xml>")
refused("an ampersand alone", "<xml><a>1 & 2</a></xml>")
refused("the end of CDATA where none is open", "<xml><a>1]]></a></xml>")
refused("a control character", "<xml><a>\u0001</a></xml>")
refused("a control character in CDATA", "<xml><a><![CDATA[\u000b]]></a></xml>")
refused("a control character by reference", "<xml><a>&#1;</a></xml>")
refused("NUL by reference", "<xml><a>&#0;</a></xml>")
refused("half a surrogate pair by reference", "<xml><a>&#xD83E;</a></xml>")
refused("a number beyond Unicode", "<xml><a>&#x110000;</a></xml>")
refused("U+FFFE", "<xml><a>\ufffe</a></xml>")
refused("a NUL byte", b"<xml><a>\0</a></xml>")
refused("a byte that is no UTF-8", b"<xml><a>\xff</a></xml>")
refused("half a character", b"<xml><a>\xe7\xba</a></xml>")
refused("an overlong form", b"<xml><a>\xc0\xbc</a></xml>")
refused("GBK, and declared so", '<?xml version="1.0" encoding="GBK"?><xml><a>红包</a></xml>'.encode("gbk"))
refused("UTF-16", "<xml><a>1</a></xml>".encode("utf-16"))
refused("nested 17 deep", "<xml>" + "<a>" * 16 + "</a>" * 16 + "</xml>")
refused_repeat("4097 elements", "<xml>", "<b/>", 4096, "</xml>")
refused_repeat("larger than 1 MiB", "<xml><a>", "x", 1 << 20, "</a></xml>")
refused_repeat("deep as a well", "<xml>", "<a>", 100000, "")

write("parse.json", {
    "about": "Bodies, and the trees in them, or error: they must be refused. Made by tests/vectors/make/parse.py.",
    "cases": cases,
})
