/* SPDX-License-Identifier: Apache-2.0 */
/* What each kind of notice says, in which language, and how it travels. */
#include "base/rfc3339.h"
#include "service/notice_priv.h"

const struct notice_about notice_kinds[NOTICE_KINDS] = {
	[NOTICE_APPLICATION_PROOF] = {false, "applications",
		{{"Proof needed for {name}",
			 "Application {id} waits for the proof that you control its names. Publish the values that it shows "
			 "before {due}; they are looked for by themselves, and at once with \"verify\"."},
			{"{name} 等待域名验证",
				"申请 {id} 正在等待域名控制权验证。请在 {due} 之前按申请页面所示发布验证值;系统会自动检查,也可以"
				"点击“验证”立即检查。"}}},
	[NOTICE_PROOF_EXPIRES] = {false, "applications",
		{{"The value to publish for {name} ends soon",
			 "The value that application {id} asks you to publish is good until {due}. After that the "
			 "application shows a new one."},
			{"{name} 的验证值即将失效", "申请 {id} 的验证值有效期至 {due}。逾期后需改用申请页面显示的新值。"}}},
	[NOTICE_APPLICATION_ISSUED] = {false, "certificates",
		{{"Certificate issued for {name}",
			 "Certificate {id} is issued and can be downloaded and deployed. It is valid until {due}."},
			{"{name} 的证书已签发", "证书 {id} 已签发,可以下载和部署。有效期至 {due}。"}}},
	[NOTICE_APPLICATION_FAILED] = {false, "applications",
		{{"Application for {name} has failed",
			 "Application {id} has failed: {detail}\n{cure}\nIt can be edited and submitted again."},
			{"{name} 的申请失败", "申请 {id} 失败:{detail}\n{cure}\n可以修改后重新提交。"}}},
	[NOTICE_APPLICATION_REJECTED] = {false, "applications",
		{{"Application for {name} was rejected",
			 "A reviewer has rejected application {id}: {detail}\n{cure}\nIt can be edited and submitted again."},
			{"{name} 的申请未通过审核", "申请 {id} 未通过审核:{detail}\n{cure}\n可以修改后重新提交。"}}},
	[NOTICE_REVIEW_QUESTION] = {false, "applications",
		{{"A question about the application for {name}",
			 "The reviewer of application {id} asks:\n{detail}\nThe review goes on after your answer."},
			{"关于 {name} 申请的提问", "申请 {id} 的审核人员提问:\n{detail}\n请答复,之后审核将继续。"}}},
	[NOTICE_REVIEW_WAITING] = {false, "reviews",
		{{"An application for {name} waits for review", "Review {id} stands in the queue."},
			{"{name} 的申请等待审核", "审核 {id} 已进入队列。"}}},
	[NOTICE_REVIEW_ANSWERED] = {false, "applications",
		{{"The applicant has answered about {name}", "About application {id} the applicant writes:\n{detail}"},
			{"申请人已就 {name} 答复", "申请 {id} 的申请人答复:\n{detail}"}}},
	[NOTICE_REVIEW_OVERDUE] = {false, "reviews",
		{{"The application for {name} waits too long",
			 "Review {id} has waited longer than it should. Nothing is decided by itself."},
			{"{name} 的申请审核超时", "审核 {id} 的等待时间已超过规定。系统不会自动作出决定。"}}},
	[NOTICE_CERTIFICATE_EXPIRES] = {true, "certificates",
		{{"The certificate for {name} ends in {days} days",
			 "Certificate {id} is valid until {due}. Renew it and put the new one where this one is used."},
			{"{name} 的证书将于 {days} 天后到期", "证书 {id} 有效期至 {due}。请续期,并在使用处更换为新证书。"}}},
	[NOTICE_CERTIFICATE_EXPIRES_SOON] = {false, "certificates",
		{{"The certificate for {name} ends in {days} days",
			 "Certificate {id} is valid until {due}. Renew it now and put the new one where this one is used: "
			 "from then on clients refuse the connection."},
			{"{name} 的证书将于 {days} 天后到期",
				"证书 {id} 有效期至 {due}。请立即续期并更换:到期后客户端将拒绝连接。"}}},
	[NOTICE_CERTIFICATE_EXPIRED] = {false, "certificates",
		{{"The certificate for {name} has expired",
			 "Certificate {id} was valid until {due}. Clients refuse connections with it."},
			{"{name} 的证书已过期", "证书 {id} 已于 {due} 过期,客户端将拒绝使用该证书的连接。"}}},
	[NOTICE_CERTIFICATE_REVOKED] = {false, "certificates",
		{{"The certificate for {name} is revoked",
			 "Certificate {id} is revoked, for good; reason: {detail}. Where it is still in use, replace it."},
			{"{name} 的证书已吊销", "证书 {id} 已被吊销,且不可恢复;原因:{detail}。仍在使用之处请更换。"}}},
	[NOTICE_QUOTA_EXPIRES] = {true, "subscriptions",
		{{"{name} is still unused",
			 "Subscription {id} must be used before {due}; after that it is lost. Create and submit an "
			 "application."},
			{"{name} 尚未使用", "订阅 {id} 须在 {due} 之前使用,逾期作废。请创建并提交申请。"}}},
	[NOTICE_QUOTA_EXPIRED] = {true, "subscriptions",
		{{"{name} has expired unused", "Subscription {id} was not used in time."},
			{"{name} 未使用已过期", "订阅 {id} 未在规定时间内使用。"}}},
	[NOTICE_SUBSCRIPTION_EXPIRES] = {true, "subscriptions",
		{{"{name} ends in {days} days",
			 "Subscription {id} is paid until {due}. Buy its successor now: the days that are left are added to "
			 "it."},
			{"{name} 将于 {days} 天后到期", "订阅 {id} 已付费至 {due}。可现在购买续期:剩余天数将计入新订阅。"}}},
	[NOTICE_SUBSCRIPTION_EXPIRED] = {true, "subscriptions",
		{{"{name} has ended", "The time that was paid for subscription {id} is over; it issues no further "
			 "certificates."},
			{"{name} 已到期", "订阅 {id} 的付费期已结束,不再签发新证书。"}}},
	[NOTICE_BILL_UNPAID] = {true, "bills",
		{{"Bill {id} is unpaid", "The bill over {name} waits for payment until {due}; then it ends."},
			{"账单 {id} 未支付", "{name} 的账单请在 {due} 之前支付,逾期作废。"}}},
	[NOTICE_BILL_EXPIRED] = {true, "bills",
		{{"Bill {id} has ended unpaid", "The bill over {name} was not paid in time. Order anew."},
			{"账单 {id} 逾期作废", "{name} 的账单未按时支付。如有需要,请重新下单。"}}},
	[NOTICE_REFUND_DEADLINE] = {false, "certificates",
		{{"The time for a refund for {name} ends soon",
			 "The revocation of certificate {id} is not completed yet. The price is given back only when it is "
			 "completed before {due}: confirm it by the link in the mail."},
			{"{name} 的退款期限即将结束",
				"证书 {id} 的吊销尚未完成。须在 {due} 之前完成吊销方可退款:请通过邮件中的链接确认。"}}},
	[NOTICE_APPLICATION_SENT_BACK] = {false, "applications",
		{{"Application for {name} was sent back",
			 "Application {id} is a draft again, so that it can be corrected: {detail}\nEdit and submit it; "
			 "proofs that are still valid are kept."},
			{"{name} 的申请已退回",
				"申请 {id} 已退回为草稿,请更正:{detail}\n修改后重新提交即可,仍有效的验证将被保留。"}}},
	[NOTICE_TICKET_WAITING] = {false, "ticket-queue",
		{{"Ticket {id} waits for an answer", "\"{name}\" was opened, or written to by its account."},
			{"工单 {id} 等待答复", "账号提交或补充了工单“{name}”。"}}},
	[NOTICE_TICKET_ANSWERED] = {false, "tickets",
		{{"Your ticket {id} was answered", "There is an answer to \"{name}\"."},
			{"您的工单 {id} 已有答复", "工单“{name}”已有答复。"}}},
	[NOTICE_OWNER_VERIFIED] = {false, "accounts",
		{{"The owner of the account is verified", "\"{name}\" was verified as the owner of account {id}."},
			{"账号主体已通过认证", "“{name}”已通过认证,成为账号 {id} 的主体。"}}},
	[NOTICE_OWNER_REFUSED] = {false, "accounts",
		{{"The owner of the account was not verified",
			 "\"{name}\" was not verified as the owner of account {id}: {detail}\nIt can be submitted again."},
			{"账号主体未通过认证", "“{name}”未能认证为账号 {id} 的主体:{detail}\n可以重新提交。"}}},
	[NOTICE_SUBSCRIPTION_CLOSED] = {false, "subscriptions",
		{{"The order {name} was closed",
			 "Subscription {id} is closed, its open application with it. By mistake? A ticket opens it again."},
			{"订单 {name} 已关闭", "订阅 {id} 及其未完成的申请已关闭。如属误操作,可提交工单恢复。"}}},
	[NOTICE_SUBSCRIPTION_REOPENED] = {false, "subscriptions",
		{{"The order {name} is open again",
			 "Staff have opened subscription {id} again: {detail}\nIts application goes on where it stood; what "
			 "it waits for stands on the orders page."},
			{"订单 {name} 已恢复", "工作人员已恢复订阅 {id}:{detail}\n其申请从原状态继续,待办事项见订单页面。"}}},
	[NOTICE_SUBSCRIPTION_REFUNDED] = {false, "subscriptions",
		{{"{name} was given back",
			 "Subscription {id} was given back, with what was paid for it. It issues nothing any more."},
			{"{name} 已退款", "订阅 {id} 已退款,款项已退回账户,不能再签发证书。"}}},
	[NOTICE_SUBSCRIPTION_MERGED] = {false, "subscriptions",
		{{"{name} was made by a merge",
			 "Staff have merged subscriptions into subscription {id}, at your account's request. They can't be "
			 "taken apart again."},
			{"{name} 已合并", "工作人员已按账号的请求将多个订阅合并为订阅 {id},合并后不可拆分。"}}},
	[NOTICE_REVOCATION_WAITING] = {false, "certificates",
		{{"The revocation of {name} waits for a confirmation",
			 "Certificate {id} is to be revoked. The contact opens the link in the mail to {detail} before "
			 "{due}; else the request is void. It can be withdrawn, or the mail sent again."},
			{"{name} 的吊销等待确认",
				"证书 {id} 已申请吊销。联系人须在 {due} 之前通过发送至 {detail} 的邮件链接确认,否则申请失效。可撤回申请或重发邮件。"}}},
	[NOTICE_REVOCATION_LAPSED] = {false, "certificates",
		{{"{name} was not revoked",
			 "Nobody has confirmed the revocation of certificate {id} in time: it stays valid. To revoke it, ask "
			 "again."},
			{"{name} 未被吊销", "证书 {id} 的吊销申请逾期未确认,证书继续有效。如需吊销,请重新申请。"}}},
	[NOTICE_REVIEW_SECOND] = {false, "reviews",
		{{"The application for {name} waits for a second reviewer",
			 "Review {id} was approved by one reviewer; somebody else decides with him."},
			{"{name} 的申请等待第二位审核人员", "审核 {id} 已由一位审核人员通过,须由另一位复核。"}}},
	[NOTICE_TICKET_CLOSED] = {false, "tickets",
		{{"Your ticket {id} was closed", "Staff have closed \"{name}\". Is something left? Open a new one."},
			{"您的工单 {id} 已关闭", "工作人员已关闭工单“{name}”。如有未尽事宜,请提交新工单。"}}},
	[NOTICE_OWNER_WAITING] = {false, "owners",
		{{"An owner waits to be verified", "Account {id} names \"{name}\" as its owner, with documents."},
			{"账号主体等待认证", "账号 {id} 提交了主体“{name}”及证明文件。"}}},
	[NOTICE_HOLDER_WAITING] = {false, "domains",
		{{"The holder of {name} waits to be verified", "Domain {id} names its holder: {detail}."},
			{"{name} 的持有者等待认证", "域名 {id} 的持有者:{detail}。"}}},
	[NOTICE_HOLDER_VERIFIED] = {false, "domains",
		{{"The holder of {name} is verified",
			 "Staff have verified the holder of domain {id}: automatic DNS may use it."},
			{"{name} 的持有者已通过认证", "域名 {id} 的持有者已通过认证,可使用自动 DNS。"}}},
	[NOTICE_HOLDER_REFUSED] = {false, "domains",
		{{"The holder of {name} was not verified",
			 "Staff have not verified the holder of domain {id}: {detail}\nCorrect it; it is checked anew."},
			{"{name} 的持有者未通过认证", "域名 {id} 的持有者未通过认证:{detail}\n请更正,系统将重新提交认证。"}}},
	[NOTICE_AUTOMATIC_BLOCKED] = {false, "domains",
		{{"The automatic certificate for {name} is blocked",
			 "What domain {id} is to get by itself can't be applied for: {detail}\n{cure}"},
			{"{name} 的自动证书受阻", "域名 {id} 无法自动申请证书:{detail}\n{cure}"}}},
	[NOTICE_SUBSCRIPTION_ACTIVATED] = {false, "subscriptions",
		{{"{name} can be used now",
			 "Subscription {id} follows one that ends. A draft of its application has taken over names and "
			 "applicant: check it and submit it, so that the new certificate is there in time."},
			{"{name} 现在可以使用", "订阅 {id} 为续期订阅,其前一订阅即将结束。系统已沿用原域名和申请人信息生成申请草稿:"
						"请核对并提交,以便及时取得新证书。"}}},
	[NOTICE_SHARE_RECEIVED] = {false, "certificates",
		{{"{name} is shared with your account",
			 "Account {detail} shares a certificate with yours. It stands among your certificates with the "
			 "number {id}."},
			{"{name} 已共享给您的账号", "账号 {detail} 将一张证书共享给您的账号,在证书列表中的编号为 {id}。"}}},
	[NOTICE_SHARE_ENDED] = {false, "certificates",
		{{"{name} is no longer shared with your account",
			 "The share that certificate {id} came from has ended: {detail}. Its content is closed, and it is "
			 "not deployed any more. Where it is still in use, put another one in its place."},
			{"{name} 的共享已结束",
				"证书 {id} 的共享已结束:{detail}。其内容已关闭,不能再部署。仍在使用之处请更换其他证书。"}}},
	[NOTICE_SHARE_LEFT] = {true, "shares",
		{{"{name} is no longer used by the account that it was shared with",
			 "Account {detail} has deleted its copy; share {id} has ended with it."},
			{"{name} 的共享副本已删除", "账号 {detail} 已删除其副本,共享 {id} 随之结束。"}}},
	[NOTICE_SERVER_EXPIRES] = {true, "monitors",
		{{"The certificate that {name} shows ends in {days} days",
			 "The server {name}, which monitor {id} watches, shows a certificate that is valid until {due}. Put "
			 "its successor there."},
			{"{name} 使用的证书将于 {days} 天后到期",
				"监控 {id} 所监控的服务器 {name} 使用的证书有效期至 {due}。请更换为新证书。"}}},
	[NOTICE_SERVER_CHANGED] = {false, "monitors",
		{{"{name} shows another certificate",
			 "The server {name}, which monitor {id} watches, shows another certificate than before: {detail}, "
			 "valid until {due}. Was it not you? Then look at the server."},
			{"{name} 的证书已更换",
				"监控 {id} 所监控的服务器 {name} 更换了证书:{detail},有效期至 {due}。如非您本人操作,请检查该服务器。"}}},
	[NOTICE_SERVER_UNREACHABLE] = {false, "monitors",
		{{"{name} cannot be reached",
			 "The server {name}, which monitor {id} watches, has shown no certificate several times in a row: "
			 "{detail}\n{cure}"},
			{"{name} 无法访问", "监控 {id} 所监控的服务器 {name} 连续多次未返回证书:{detail}\n{cure}"}}},
	[NOTICE_SERVER_BACK] = {false, "monitors",
		{{"{name} is back", "The server {name}, which monitor {id} watches, shows its certificate again."},
			{"{name} 已恢复", "监控 {id} 所监控的服务器 {name} 已恢复返回证书。"}}},
	[NOTICE_SERVER_FAULTY] = {false, "monitors",
		{{"Clients refuse the certificate of {name}",
			 "The certificate that the server {name} shows, which monitor {id} watches, is no longer good: "
			 "{detail}. It is valid until {due}. The server's findings say what is wrong and what to do."},
			{"{name} 的证书存在问题",
				"监控 {id} 所监控的服务器 {name} 的证书不再可信:{detail}。有效期至 {due}。原因和处理办法见该服务器的检查结果。"}}},
	[NOTICE_JOB_GIVEN_UP] = {false, "jobs",
		{{"Work was given up: {name}",
			 "Job {id} has ended with a fault that is not the applicant's: {detail}\n{cure}\nOnce the cause is "
			 "gone, \"verify\" in the application takes it up again."},
			{"任务已放弃:{name}", "任务 {id} 因服务自身故障而终止:{detail}\n{cure}\n排除原因后,可在申请中点击“验证”重新执行。"}}},
};

/* -- filling in */

static const char *
cure(struct str name)
{
	int code = err_by_name(name);

	return code ? err_info(code)->hint : "";
}

static void
put_value(struct buf *b, struct str name, const struct row_notice *n, enum language language)
{
	int64_t days = MAX((n->due_ms - n->created_ms + MS_DAY - 1) / MS_DAY, 0);
	char due[RFC3339_MAX];

	if (str_eq_c(name, "name"))
		buf_put_str(b, n->name);
	else if (str_eq_c(name, "id"))
		buf_printf(b, "%lld", (long long)n->object_id);
	else if (str_eq_c(name, "detail"))
		buf_put_str(b, n->detail.n ? n->detail : language == LANGUAGE_ZH ? STR("未说明") : STR("no reason given"));
	else if (str_eq_c(name, "cure"))
		buf_put_c(b, cure(n->code));
	else if (str_eq_c(name, "days"))
		buf_printf(b, "%lld", (long long)days);
	else if (str_eq_c(name, "due")) {
		rfc3339_put(n->due_ms / MS_SECOND * MS_SECOND, due);
		buf_put_c(b, due);
	}
}

static struct str
fill(const char *pattern, const struct row_notice *n, enum language language, struct arena *a)
{
	struct str left = str_c(pattern);
	BUF(b, 16 * 1024);

	while (left.n) {
		struct str plain = str_cut(&left, '{');

		buf_put_str(&b, plain);
		if (left.p && left.n)
			put_value(&b, str_cut(&left, '}'), n, language);
	}
	return arena_str(a, buf_str(&b));
}

static const struct notice_words *
words_of(const struct row_notice *n, enum language language)
{
	BUG_ON(n->kind < 0 || n->kind >= NOTICE_KINDS);
	return &notice_kinds[n->kind].words[language];
}

struct str
notice_title(const struct row_notice *n, enum language language, struct arena *a)
{
	return fill(words_of(n, language)->title, n, language, a);
}

struct str
notice_text(const struct row_notice *n, enum language language, struct arena *a)
{
	return fill(words_of(n, language)->text, n, language, a);
}
