// The whole way in C++: check, send, do what each outcome asks for, query, and settle with a journal.
//
// Usage: walkthrough, with the coordinates in the environment; `redpack sandbox` prints them. Run it at a sandbox
// only: it pays, and one of its recipients is a marker that makes the sandbox lose an answer.
#include <cstdlib>
#include <iostream>
#include <redpack.hpp>
#include <thread>

using namespace redpack;
using namespace std::chrono_literals;

namespace {
constexpr std::string_view openid = "oxTWIuGaIt6gTKsQRLau2M0yL16E";

std::string_view setting(const char *name) {
    if (const char *value = std::getenv(name)) return value;
    std::cerr << "usage: walkthrough, with these in the environment:\n"
                 "  REDPACK_BASE_URL, REDPACK_CA_FILE            the sandbox's address and ca.pem\n"
                 "  REDPACK_MCH_ID, REDPACK_APPID, REDPACK_API_KEY\n"
                 "  REDPACK_CERT, REDPACK_KEY                    apiclient_cert.pem and apiclient_key.pem\n"
                 "  REDPACK_JOURNAL                              such as sqlite:payments.db\n"
              << name << " is missing\n";
    std::exit(2);
}

// Ends the program: for mistakes in the program or its settings, before there is an order to care for.
template <class T> T must(Result<T> result, std::string_view what) {
    if (result) return std::move(*result);
    std::cerr << what << ": " << result.error().message() << '\n';
    std::exit(1);
}

Config settings() {
    Config config(setting("REDPACK_MCH_ID"), setting("REDPACK_APPID"), setting("REDPACK_API_KEY"));
    config.pem_files(setting("REDPACK_CERT"), setting("REDPACK_KEY"))
        .base_url(setting("REDPACK_BASE_URL"))
        .roots_file(setting("REDPACK_CA_FILE"));  // leave this out for WeChat Pay itself
    return config;
}

Request order(std::string_view mch_billno, std::string_view to, std::string_view send_name) {
    Request request = Request::send_red_pack(mch_billno, to, Fen(100));
    request.send_name(send_name).act_name("猜灯谜").wishing("元宵节快乐").remark("快来抢");
    return request;
}

void query(const Client &client, std::string_view mch_billno) {
    auto found = client.query(Request::query(mch_billno));
    if (!found)
        std::cout << "  query: no answer: " << found.error().message() << "; keep the number, ask again later\n";
    else if (!found->found())
        std::cout << "  query: not found, which is not failed: keep the number, ask again later\n";
    else
        std::cout << "  query: " << found->status() << ", " << found->total_amount().value
                  << " fen, next: " << text(found->advice()) << '\n';
}

// Every outcome of a send, and what it asks for. None of them permits a new number.
void send_once(const Client &client, std::string_view to, std::string_view send_name) {
    std::string mch_billno = must(new_mch_billno(setting("REDPACK_MCH_ID")), "mch_billno");
    // Here your program stores the number: whatever happens from now on, happens under it.
    auto sent = client.send(order(mch_billno, to, send_name));
    if (sent) {
        std::cout << "sent: " << sent->send_listid() << '\n';
        return query(client, mch_billno);
    }
    const Error &error = sent.error();
    std::cout << text(error.outcome()) << ", next: " << text(error.advice()) << '\n';
    switch (error.advice()) {
    case Advice::none: break;
    case Advice::fix_setup: std::cout << "  stop the queue and mend: " << error.message() << '\n'; break;
    case Advice::fix_order:
        for (std::size_t i = 0; i < error.problem_count(); ++i)
            std::cout << "  " << error.problem_field(i) << ' ' << error.problem_rule(i) << '\n';
        break;
    case Advice::retry_same_order: std::cout << "  send the same order again later\n"; break;
    case Advice::query_first:
        std::this_thread::sleep_until(std::chrono::system_clock::from_time_t(error.not_before()));
        query(client, mch_billno);
        break;
    case Advice::new_order_allowed: std::cout << "  a new number can't pay twice\n"; break;
    case Advice::ask_operator: std::cout << "  look into the merchant console\n"; break;
    }
}

// With a journal all of that is the library's work. The number is made of the intent, once.
void settle(const Client &client, std::string_view to, std::string_view intent) {
    auto settlement = client.settle(order("", to, "天虹百货").intent(intent), 60s);
    std::cout << intent << ": ";
    if (!settlement)
        std::cout << "not settled: " << settlement.error().message() << '\n';
    else if (settlement->outcome() == Outcome::sent)
        std::cout << "paid, once: " << settlement->order().state() << '\n';
    else if (settlement->advice() == Advice::new_order_allowed)
        std::cout << "failed for good, and closed: a new intent may follow\n";
    else
        std::cout << text(settlement->outcome()) << ", next: " << text(settlement->advice())
                  << "; settle it again later\n";
}
}  // namespace

int main() {
    Client client = must(Client::create(settings()), "client");
    Check found = must(client.check(), "check");
    std::cout << "check: certificate of " << found.common_name() << (found.days_left() > 0 ? ", valid\n" : ", expired\n");
    send_once(client, openid, "天虹百货");
    send_once(client, "f--drop-after", "天虹百货");  // the sandbox pays, and loses the answer
    send_once(client, openid, "a name of a sender that is too long");

    Config config = settings();
    config.journal(must(Journal::open(setting("REDPACK_JOURNAL")), "journal"));
    Client paying = must(Client::create(config), "client");
    std::cout << "recovered: " << must(paying.recover(60s), "recover").size() << '\n';  // what a crash left open
    settle(paying, openid, "invoice 7");
    settle(paying, openid, "invoice 7");  // the same payment: nothing is sent
    settle(paying, "f--drop-after--1--two", "invoice 8");
}
