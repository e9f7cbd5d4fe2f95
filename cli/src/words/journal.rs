//! Words about the journal and its orders.

use redpack::journal::State;

use super::Lang;

/// What a state says.
pub fn state(lang: Lang, state: State) -> &'static str {
    match state {
        State::Prepared => lang.pick("written down, nothing sent yet", "已记录，尚未发送"),
        State::Sending => {
            lang.pick("an attempt is under way, or its process died in it", "正在发送，或发送时进程已中断")
        }
        State::Sent => lang.pick("sent, not seen to be claimed", "已发放，尚未见到领取"),
        State::Rejected => lang.pick("refused, not held by WeChat", "被拒绝，微信未保留"),
        State::Pending => lang.pick("WeChat may still pay it", "微信仍可能付款"),
        State::Unknown => lang.pick("the money may have moved", "款项可能已付出"),
        State::Received => lang.pick("claimed", "已领取"),
        State::Refunding => lang.pick("not claimed, the money is going back", "未领取，退款中"),
        State::Refunded => lang.pick("not claimed, the money is back", "未领取，已退款"),
        State::Closed => lang.pick("never attempted again", "不会再发送"),
        State::Manual => lang.pick("an operator must decide", "须人工处理"),
    }
}

/// The first signal was heard.
pub fn stopping(lang: Lang) -> &'static str {
    lang.pick(
        "redpack: stopping: the call under way is finished first; once more to end at once",
        "redpack：正在停止：先完成当前调用；再按一次则立即结束",
    )
}

/// The second one too.
pub fn stopped_at_once(lang: Lang) -> &'static str {
    lang.pick(
        "redpack: ended at once; the journal has what happened: see `redpack orders`, then run `redpack recover`",
        "redpack：已立即结束；经过都在 journal 中：请看 `redpack orders`，再运行 `redpack recover`",
    )
}

pub fn calls(lang: Lang, count: u64) -> String {
    match lang {
        Lang::En => format!("{count} calls"),
        Lang::Zh => format!("已调用 {count} 次"),
    }
}

/// How many attempts and queries there were, and where the attempts went.
pub fn made(lang: Lang, attempts: u32, queries: u32, hosts: &[String]) -> String {
    let hosts = if hosts.is_empty() { String::new() } else { format!(" ({})", hosts.join(", ")) };
    match lang {
        Lang::En => format!("{attempts} attempts{hosts}, {queries} queries"),
        Lang::Zh => format!("发送 {attempts} 次{hosts}，查询 {queries} 次"),
    }
}

pub fn refused(lang: Lang) -> &'static str {
    lang.pick("nothing was changed", "未作任何更改")
}

pub fn accepted(lang: Lang) -> &'static str {
    lang.pick(
        "new orders of intent keys are taken again; orders of the old copy are queried before they are attempted",
        "重新接受业务键的新订单；旧副本中的订单会先查询再发送",
    )
}

pub fn not_suspected(lang: Lang) -> &'static str {
    lang.pick("the journal is not suspected to be an old copy", "journal 没有旧副本的嫌疑")
}

/// What to do about orders that are left open.
pub fn open_after_recovery(lang: Lang, open: usize) -> String {
    match (lang, open) {
        (Lang::En, 0) => "nothing is left open".into(),
        (Lang::Zh, 0) => "没有未结订单".into(),
        (Lang::En, _) => format!(
            "{open} orders are left open, listed above: follow each one's \"next\", and run `redpack recover` again; \
             make no new order for them"
        ),
        (Lang::Zh, _) => format!(
            "还有 {open} 个未结订单（见上）：请按各自的“下一步”处理，并再次运行 `redpack recover`；不要为它们换新单"
        ),
    }
}

pub fn open_after_reconciliation(lang: Lang, followed: usize, failed: u32) -> String {
    match (lang, followed, failed) {
        (Lang::En, 0, 0) => "every order has come to its end".into(),
        (Lang::Zh, 0, 0) => "所有订单都有了最终结果".into(),
        (Lang::En, ..) => format!(
            "{followed} orders are still to be followed and {failed} queries failed: run `redpack reconcile` again \
             later; each is looked at a day after it was sent, then at growing intervals"
        ),
        (Lang::Zh, ..) => format!(
            "还有 {followed} 个订单待跟踪，{failed} 次查询失败：请稍后再运行 `redpack reconcile`；\
             发放一天后首次查看，之后间隔渐长"
        ),
    }
}

pub fn contradicting(lang: Lang, count: usize) -> String {
    match lang {
        Lang::En => format!("{count} orders contradict the journal: look into the merchant console"),
        Lang::Zh => format!("{count} 个订单与 journal 矛盾：请到商户平台人工核对"),
    }
}

pub fn no_orders(lang: Lang) -> &'static str {
    lang.pick("no orders", "没有订单")
}

pub fn more_orders(lang: Lang, seq: i64) -> String {
    match lang {
        Lang::En => format!("there may be more: --after {seq}"),
        Lang::Zh => format!("可能还有更多：--after {seq}"),
    }
}

pub fn table_head(lang: Lang) -> [&'static str; 8] {
    match lang {
        Lang::En => ["seq", "order", "state", "fen", "recipient", "code", "updated", "intent"],
        Lang::Zh => ["序号", "订单号", "状态", "金额（分）", "收款人", "代码", "更新时间", "业务键"],
    }
}
