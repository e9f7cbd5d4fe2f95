"""The report, in English and in Chinese, from one run's figures."""

from figures import Figures, Verdict, share, verdicts

AT_ONCE = (1, 8, 64)

# What the report says, in both languages; the tables are the same.
WORDS = {
    "en": {
        "title": "Benchmarks",
        "other": "[中文](README.zh-CN.md)",
        "how": "Made by `make bench` in one run, on {date}; `bench/compare` is the program, `figures.json` has every "
        "record. The programs took turns, {rounds} rounds of {seconds:g} s each, every second one the other way about, the floor again "
        "beside each language, and every ratio is of two that ran within seconds. Shown are medians, in brackets the least and the greatest round. Absolute "
        "figures are this machine's; compare the ratios.",
        "what": "Everybody sends the same order over mutual TLS 1.2, the version that WeChat advises, with one "
        "cipher, to Debian's nginx, which wants the client certificate and has one fixed answer. The **floor** is a bare "
        "rustls loop on a kept connection that exchanges the same bytes: it signs nothing, reads no HTTP and no XML, keeps "
        "no time limit and believes whatever comes. libcurl and ext-curl keep their handle and send a body that is ready made. No PHP SDK is among Debian's packages, so **PHP by hand** stands for "
        "them: ext-curl with a kept handle, and around it the least that they do, that is sort, MD5, XML, SimpleXML. PHP "
        "sends from as many processes as are at once, all others from one.",
        "chart": "Sends a second as a share of the floor's",
        "rate": "Sends a second",
        "rate_share": "of the floor",
        "cpu": "Processor time for a send, µs (so many seconds for a million)",
        "rest": "Handshakes, memory, start",
        "rest_head": "handshakes for 1,000 sends at 1 / 8 / 64 | peak memory at 64, MiB | start to first answer, ms | "
        "nginx's use of its processor at 1 / 8 / 64",
        "rest_note": "Handshakes are the connections that nginx took, those before the measuring among them, for the requests "
        "that it answered. PHP's memory is that of the greatest of its processes. nginx has one process: where it uses all "
        "of one processor, a program can't send faster, and its own processor time tells more.",
        "aims": "The aims",
        "aims_head": "aim",
        "aims_all": "{met} of {all} are met; what misses its aim is bold.",
        "at_least": "{ours}: at least {limit:g} of the sends of {other}",
        "at_most": "{ours}: at most {limit:g} of the processor time of {other}",
        "protocol": "The protocol layer",
        "protocol_head": "what | µs | instructions | allocations",
        "encode": "build, check, sign and write a request",
        "answer": "read and judge its answer",
        "whole": "a whole send on a kept connection, TLS included",
        "protocol_note": "Instructions are callgrind's and repeat; it knows no SHA instructions, so SHA-256 (the derived "
        "nonce) counts there as software, several times its cost here.",
        "beside": "The same in Python and Node, µs of processor time",
        "beside_note": "The SDKs sign with MD5, write, and read. redpack also completes and checks every field, derives the "
        "nonce, keeps the answer's fields, checks what they echo, and says what it means and what to do next.",
        "places": "Allocations of a send",
        "places_head": "whose | how many | why",
        "place": {
            "order": ("the caller's order", "its fields as text of its own: the caller may keep or change it after the call"),
            "encode": ("the request", "its fields, what is signed, the signature, the document; what redpack completes"),
            "exchange": ("the exchange", "the request's head, the answer's body, the connection's place among those kept"),
            "tls": ("rustls", "a buffer for what it encrypts and one for what it decrypts"),
            "answer": ("the answer", "its fields, names and texts, kept for the caller; the result"),
            "elsewhere": ("elsewhere", "inlined where its place can't be told"),
        },
        "made_of": "What a send is made of, and why aims are missed",
        "own": "own | kernel",
        "made_of_head": "what | instructions | share",
        "part": {
            "sha256": "SHA-256 of the derived nonce (here with SHA instructions a tenth of that)",
            "md5": "MD5 of the signature",
            "tls": "TLS: rustls and ring",
            "allocator": "allocator",
            "bytes": "comparing, copying and searching bytes",
            "encode": "the request: fields, rules, canonical string, XML",
            "answer": "the answer: XML, fields, echo, verdict",
            "exchange": "the exchange: HTTP, time limits, kept connections",
            "elsewhere": "elsewhere",
        },
        "split_note": "µs of processor time for a send, the program's own and the kernel's for it. The kernel's part is the "
        "floor's, but for the two system calls that the floor does without: one look whether a kept connection still stands "
        "and is silent, one for the process's number, since a fork must not use its parent's connection. The own part is what "
        "redpack exists for. Signing, writing, reading and judging alone take {protocol:.1f} µs where the floor takes "
        "{floor:.1f} µs for everything: 1.25 of the floor leaves {left:.1f} µs, less than that. Python, Node and PHP add their "
        "interpreter's work to it, on one thread where it has one.",
        "tried": "What was tried, from 109,000 instructions for a send down to today's: no whole HTTP client for an "
        "exchange (the usual answer is read with httparse, any other by ureq from the same bytes); a flat reader for the usual "
        "XML; legality of characters checked without branches; one peek instead of six system calls before a kept connection "
        "is used; a socket's limits set only when they differ; an answer's fields in a "
        "block that malloc has at hand. What is left is flat: by perf, MD5 takes 9 % of the own time, "
        "memcmp and malloc 7 % each, nothing else more than 5 %; and no lock is waited for (strace, 64 at once: two or three "
        "futex calls for a hundred sends). Not done: one buffer for all texts of an answer, which would save about 20 of its allocations, for a "
        "second representation beside the one that callers see.",
        "hosts": "The others, by perf, 8 at once. Python: a fifth of its processor time is the interpreter, a fifth the system's "
        "for passing it from thread to thread (two futex calls or more for a send). AsyncClient, about twenty such calls: each send goes from the event "
        "loop to a thread and back, and each way one of them waits for the interpreter. Node: the event loop takes a third, a fifth of "
        "that for handing calls over, a tenth for JSON; its threads, which sleep between two calls where Rust's go on, two thirds. What was "
        "tried: results without the frozen classes' own construction; a thread that is woken wakes the next one, so that the event loop pays for one; JSON read "
        "on the threads; a queue in C instead of a condition variable for AsyncClient. The first gave Python a sixth more sends, the next two together gave Node a tenth, the last AsyncClient a quarter.",
        "journaled": "Sends with a journal",
        "journaled_head": "at once | sends a second | of those without",
        "journaled_note": "A SQLite file on this machine's disk, synchronised before the first byte and before the caller "
        "hears; the server is the sandbox. What it costs is the disk's answer.",
        "sizes": "Sizes",
        "sizes_head": "artefact | MB",
        "versions": "Machine and versions",
        "versions_head": "what | version",
    },
    "zh": {
        "title": "基准测试",
        "other": "[English](README.md)",
        "how": "由 `make bench` 于 {date} 一次运行得出；程序在 `bench/compare`，`figures.json` 存有全部原始记录。各程序轮流运行，"
        "共 {rounds} 轮、每轮 {seconds:g} 秒，偶数轮顺序相反，每种语言旁都重跑一次下限；比值只取相隔数秒内运行的两者。表中为中位数，括号内为最小与最大的一轮。"
        "绝对数字只属于这台机器，请看比值。",
        "what": "所有程序都经双向 TLS 1.2（微信支付建议的版本，同一加密套件）向 Debian 的 nginx 发送同一订单；nginx 要求客户端证书，返回固定应答。**下限**是一个裸的 rustls "
        "循环，在保持的连接上交换同样的字节：不签名，不解析 HTTP 与 XML，没有时限，来什么信什么。libcurl 与 ext-curl 保持句柄，发送现成的"
        "报文体。Debian 软件包中没有任何 PHP SDK，故以**手写 PHP** 代之：保持句柄的 ext-curl，外加它们最少要做的排序、MD5、XML 与 SimpleXML。PHP 以并发数个进程发送，其余都在一个进程内。",
        "chart": "每秒发送数占下限的比例",
        "rate": "每秒发送数",
        "rate_share": "占下限",
        "cpu": "每次发送的处理器时间，微秒（即一百万次的秒数）",
        "rest": "握手、内存、启动",
        "rest_head": "每 1,000 次发送的握手数（并发 1 / 8 / 64） | 并发 64 时内存峰值，MiB | 从启动到首个应答，毫秒 | "
        "nginx 占用一个处理器的比例（并发 1 / 8 / 64）",
        "rest_note": "握手数即 nginx 接受的连接数（含计时之前的）与其应答的请求数之比。PHP 的内存取其各进程中最大者。nginx 只有一个进程："
        "当它占满一个处理器时，程序不可能发得更快，此时更应看程序自身的处理器时间。",
        "aims": "目标",
        "aims_head": "目标",
        "aims_all": "{all} 项中达到 {met} 项；未达到的以粗体标出。",
        "at_least": "{ours}：发送数不低于 {other} 的 {limit:g} 倍",
        "at_most": "{ours}：处理器时间不高于 {other} 的 {limit:g} 倍",
        "protocol": "协议层",
        "protocol_head": "内容 | 微秒 | 指令数 | 内存分配次数",
        "encode": "构造、校验、签名并写出一个请求",
        "answer": "读取并判定其应答",
        "whole": "在保持的连接上完整发送一次，含 TLS",
        "protocol_note": "指令数由 callgrind 计得，可重复；它不认识 SHA 指令，因此 SHA-256（派生随机串）在其中按软件实现计，是实际开销的数倍。",
        "beside": "在 Python 与 Node 中做同样的事，处理器时间，微秒",
        "beside_note": "各 SDK 只做 MD5 签名、写与读。redpack 还补全并校验每个字段、派生随机串、保留应答的全部字段、核对其回显，"
        "并给出它的含义与下一步。",
        "places": "一次发送的内存分配",
        "places_head": "归属 | 次数 | 原因",
        "place": {
            "order": ("调用者的订单", "各字段自有其文本：调用之后调用者仍可保留或修改它"),
            "encode": ("请求", "字段、被签名的串、签名、报文；以及 redpack 补全的内容"),
            "exchange": ("收发", "请求头、应答体、连接在保持池中的位置"),
            "tls": ("rustls", "加密与解密各一个缓冲区"),
            "answer": ("应答", "各字段的名与文本，留给调用者；以及结果"),
            "elsewhere": ("其他", "被内联，无法判定归属"),
        },
        "made_of": "一次发送由什么构成，以及为何有目标未达到",
        "own": "自身 | 内核",
        "made_of_head": "项目 | 指令数 | 占比",
        "part": {
            "sha256": "派生随机串的 SHA-256（本机有 SHA 指令，实际约为其十分之一）",
            "md5": "签名的 MD5",
            "tls": "TLS：rustls 与 ring",
            "allocator": "内存分配",
            "bytes": "字节的比较、复制与查找",
            "encode": "请求：字段、规则、被签名的串、XML",
            "answer": "应答：XML、字段、回显核对、判定",
            "exchange": "收发：HTTP、时限、保持的连接",
            "elsewhere": "其他",
        },
        "split_note": "每次发送的处理器时间（µs），分为程序自身与内核为其所用。内核部分与下限相同，只多两个下限没有的系统调用："
        "一次察看保持的连接是否仍在且无数据，一次取进程号，因为 fork 之后不得使用父进程的连接。自身部分正是 redpack 存在的理由。"
        "仅签名、写出、读入与判定就需 {protocol:.1f} µs，而下限全部只需 {floor:.1f} µs：下限的 1.25 倍只留出 {left:.1f} µs，"
        "比这还少。Python、Node、PHP 再加上解释器的工作，而且解释器只在一个线程上。",
        "tried": "试过的办法，使每次发送从 109,000 条指令降到现在：收发不再用完整的 HTTP 客户端（常见应答用 httparse 读取，"
        "其余由 ureq 从同样的字节读取）；常见 XML 用平铺读取器；无分支地检查字符是否合法；使用保持的连接之前六个系统调用改为一次察看；"
        "套接字时限仅在不同时才设；应答字段放在 malloc 手边就有的内存块里。剩下的已经平坦：按 perf，MD5 占自身时间的 9 %，memcmp 与 malloc 各 7 %，其余都不到 5 %。"
        "也没有在等锁（strace，64 个并发：每百次发送两三次 futex 调用）。"
        "未做：以一个缓冲区存放应答的全部文本，可省约 20 次分配，代价是在调用者所见之外另有一种表示。",
        "hosts": "其他语言，按 perf、8 个并发。Python：处理器时间五分之一是解释器，五分之一是内核在线程之间传递解释器（每次发送两次以上 futex 调用）。"
        "AsyncClient 约二十次：每次发送从事件循环到线程再回来，每一程都有一方在等解释器。Node：事件循环占三分之一，其中五分之一用于移交调用，"
        "十分之一用于 JSON；其线程占三分之二，它们在两次调用之间要休眠，而 Rust 的线程接着工作。试过的办法：结果不经冻结类自己的构造；被唤醒的线程再唤醒下一个，"
        "事件循环只付一次；JSON 在线程上读取；AsyncClient 用 C 实现的队列代替条件变量。第一项使 Python 的发送多六分之一，其后两项合计使 Node 多一成，最后一项使 AsyncClient 多四分之一。",
        "journaled": "带账本的发送",
        "journaled_head": "并发 | 每秒发送数 | 相对不带账本",
        "journaled_note": "本机磁盘上的 SQLite 文件：首字节发出前、调用者得知结果前各落盘一次；服务端为沙箱。代价就是磁盘的应答时间。",
        "sizes": "体积",
        "sizes_head": "产物 | MB",
        "versions": "机器与版本",
        "versions_head": "项目 | 版本",
    },
}


def table(head: str, rows: list[list[str]]) -> list[str]:
    columns = head.count("|") + 1
    return [f"| {head} |", "|" + "---|" * columns, *(f"| {' | '.join(row)} |" for row in rows), ""]


def name(program: dict) -> str:
    """Of a program, in tables and in the chart."""
    return program["label"] if program["role"] == "floor" else f"{program['language']}: {program['label']}"


def aims(found: list[Verdict], names: dict[str, str], words: dict) -> list[str]:
    """One row for each aim, a column for each concurrency: bold is what misses it."""

    def cell(verdict: Verdict) -> str:
        return verdict.found.share() if verdict.met else f"**{verdict.found.share()}**"

    def text(verdict: Verdict) -> str:
        kind, limit = ("at_least", verdict.at_least) if verdict.at_least is not None else ("at_most", verdict.at_most)
        return words[kind].format(ours=names[verdict.program], other=names[verdict.other], limit=limit)

    lines = []
    for columns in (AT_ONCE, ("encode", "answer")):
        rows: dict[str, dict] = {}
        for verdict in found:
            column = verdict.what if verdict.at_once is None else verdict.at_once
            if column in columns:
                rows.setdefault(text(verdict), {})[column] = cell(verdict)
        head = " | ".join(words[one] if isinstance(one, str) else str(one) for one in columns)
        lines += table(f"{words['aims_head']} | {head}", [[key, *(row.get(one, "") for one in columns)] for key, row in rows.items()])
    return lines


def short(records: list[dict], keys: list[str]) -> str:
    """Some programs' figures as plain text, beside the floor's: medians, and the spread of the ratios."""
    figures = Figures({"sends": records})
    lines = [f"{'':<14}{'at once':>8}{'sends/s':>10}{'of the floor':>22}{'CPU, us':>10}{'of the floor':>22}{'nginx':>8}"]
    for number in AT_ONCE:
        for key in keys:
            line = f"{key:<14}{number:>8}"
            for what, digits in (("rate", 0), ("cpu_us", 1)):
                line += f"{figures.value(key, number, what).middle:>10.{digits}f}"
                line += f"{figures.ratio(key, 'floor', number, what).text(2):>22}"
            lines.append(f"{line}{figures.gateway_busy(key, number).middle:>8.2f}")
    return "\n".join(lines)


def made_of(figures: Figures, programs: list[dict], data: dict, words: dict) -> list[str]:
    """Where the time of a send goes: what is the program's own and what the kernel's, and the instructions of ours."""
    lines = [f"## {words['made_of']}", ""]
    native = [program for program in programs if program["language"] in ("Rust", "C")]
    rows = []
    for program in native:
        row = [name(program)]
        for number in AT_ONCE:
            all_, own = (figures.value(program["key"], number, what).middle for what in ("cpu_us", "own_us"))
            row += [f"{own:.1f}", f"{all_ - own:.1f}"]
        rows.append(row)
    own, kernel = words["own"].split(" | ")
    head = " | ".join(f"{number}: {own} | {kernel}" for number in AT_ONCE)
    floor = min(figures.value("floor", number, "cpu_us").middle for number in (8, 64))
    protocol = sum(sorted(figure["us"])[len(figure["us"]) // 2] for figure in data["protocol"].values())
    note = words["split_note"].format(protocol=protocol, floor=floor, left=0.25 * floor)
    lines += [*table(f" | {head}", rows), note, ""]
    parts = sorted(data["one_send"]["parts"].items(), key=lambda pair: -pair[1])
    whole = sum(times for _, times in parts)
    rows = [[words["part"][what], f"{times:,.0f}", share(times / whole)] for what, times in parts]
    return [*lines, *table(words["made_of_head"], rows), words["tried"], "", words["hosts"], ""]


def write(data: dict, language: str) -> str:
    """The whole report."""
    words, figures, programs = WORDS[language], Figures(data), data["programs"]
    names = {program["key"]: name(program) for program in programs}
    lines = [f"# {words['title']}", "", words["other"], ""]
    lines += [words["how"].format(**data), "", words["what"], "", f"![{words['chart']}](sends.svg)", ""]

    at_once = " | ".join(str(number) for number in AT_ONCE)
    lines += [f"## {words['rate']}", ""]
    rows = []
    for key, label in names.items():
        row = [label, *(figures.value(key, number, "rate").text(0) for number in AT_ONCE)]
        rows.append([*row, *(figures.ratio(key, "floor", number, "rate").share() for number in AT_ONCE)])
    share = " | ".join(f"{words['rate_share']}: {number}" for number in AT_ONCE)
    lines += table(f" | {at_once} | {share}", rows)

    lines += [f"## {words['cpu']}", ""]
    rows = []
    for key, label in names.items():
        row = [label, *(figures.value(key, number, "cpu_us").text(1) for number in AT_ONCE)]
        rows.append([*row, *(figures.ratio(key, "floor", number, "cpu_us").share() for number in AT_ONCE)])
    lines += table(f" | {at_once} | {share}", rows)

    lines += [f"## {words['rest']}", ""]
    rows = []
    for key, label in names.items():
        handshakes = " / ".join(f"{figures.handshakes(key, number):.1f}" for number in AT_ONCE)
        peak, first = figures.value(key, 64, "peak_kib").middle / 1024, figures.all_values(key, "first_ms")
        busy = " / ".join(f"{figures.gateway_busy(key, number).middle:.2f}" for number in AT_ONCE)
        rows.append([label, handshakes, f"{peak:.1f}", first.text(0), busy])
    lines += [*table(f" | {words['rest_head']}", rows), words["rest_note"], ""]

    found = verdicts(figures, programs)
    lines += [f"## {words['aims']}", "", words["aims_all"].format(met=sum(one.met for one in found), all=len(found)), ""]
    lines += aims(found, names, words)

    lines += [f"## {words['protocol']}", ""]
    rows = []
    for what, figure in data["protocol"].items():
        middle = sorted(figure["us"])[len(figure["us"]) // 2]
        rows.append([words[what], f"{middle:.2f}", f"{figure['instructions']:,.0f}", f"{figure['allocations']:,.0f}"])
    whole = data["one_send"]
    rows.append([words["whole"], "", f"{whole['instructions']:,.0f}", f"{whole['allocations']:,.0f}"])
    lines += [*table(words["protocol_head"], rows), words["protocol_note"], ""]
    lines += [f"### {words['beside']}", ""]
    rows = []
    for key in dict.fromkeys(record["program"] for record in data["protocol_beside"]):
        rows.append([names[key], *(figures.protocol(key, what).text(1) for what in ("encode", "answer"))])
    lines += [*table(f" | {words['encode']} | {words['answer']}", rows), words["beside_note"], ""]
    lines += [f"### {words['places']}", ""]
    places = sorted(whole["places"].items(), key=lambda pair: -pair[1])
    rows = [[words["place"][what][0], f"{times:.0f}", words["place"][what][1]] for what, times in places]
    lines += table(words["places_head"], rows)

    lines += made_of(figures, programs, data, words)

    lines += [f"## {words['journaled']}", ""]
    rows = []
    for number in AT_ONCE:
        rate, of = figures.journaled(number)
        rows.append([str(number), rate.text(0), of.share()])
    lines += [*table(words["journaled_head"], rows), words["journaled_note"], ""]

    lines += [f"## {words['sizes']}", ""]
    lines += table(words["sizes_head"], [[what, f"{size / 1e6:.2f}"] for what, size in data["sizes"].items()])
    lines += [f"## {words['versions']}", ""]
    lines += table(words["versions_head"], [list(pair) for pair in data["versions"].items()])
    return "\n".join(lines).rstrip() + "\n"
