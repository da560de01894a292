"""What is written down on visits in the demo district: what was seen, what was settled."""

from cases.enums import MatterKind, VisitChannel, VisitCondition

C, M = VisitCondition, MatterKind

# What was seen at the door: condition, who was met, notes.
SEEN = (
    (C.GOOD, "本人", "屋里收拾得干净，米面油都够，老人精神不错。"),
    (C.GOOD, "本人", "陪着聊了一个钟头，量了血压，在正常范围。"),
    (C.GOOD, "本人和家属", "帮忙打扫了屋子，换了两只灯泡，叮嘱用电安全。"),
    (C.GOOD, "家属", "孩子期中成绩有进步，带了两本课外书，约好周末辅导。"),
    (C.FAIR, "本人", "天气转凉，膝盖不舒服，下楼比以前慢，已提醒少爬楼梯。"),
    (C.FAIR, "本人", "最近胃口一般，常吃的药还够半个月，家属周末来看望。"),
    (C.FAIR, "家属", "照料的人有些疲惫，商量了喘息服务，说再考虑考虑。"),
    (C.GOOD, "本人和家属", "送去换季衣物，试过都合身，家里暖气正常。"),
    (C.DIFFICULT, "本人", "卫生间没有扶手，地面容易滑，一个人洗澡不放心。"),
    (C.FAIR, "本人", "家里旧棉被薄，窗户有一处漏风，已用胶条先封上。"),
    (C.GOOD, "本人", "邻居常来照应，老人说日子过得安稳。"),
    (C.DIFFICULT, "家属", "这个月开销大，生活费有些紧，已把情况告诉社区。"),
    (C.WORSE, "本人", "走路不如上次稳，建议到社区卫生站复查，家属答应陪同。"),
)

# What was heard on the telephone or by message.
HEARD = (
    (C.GOOD, "电话里声音洪亮，说身体还好，没有需要帮忙的事。"),
    (C.GOOD, "问候并提醒降温添衣，说暖气已经热了。"),
    (C.GOOD, "询问上次送去的药是否按时吃，家属说一直照着吃。"),
    (C.FAIR, "近来睡眠不好，约好下周上门看看。"),
    (C.FAIR, "家里水龙头漏水，已联系物业上门修理。"),
    (C.GOOD, "孩子已经开学，学习用品都齐了。"),
    (C.GOOD, "提醒年度认证时间，说社区已经办好。"),
    (C.FAIR, "儿女这两个月回不来，买菜有些不便，志愿者答应每周带一次菜。"),
)
CHANNELS = (
    VisitChannel.PHONE,
    VisitChannel.PHONE,
    VisitChannel.PHONE,
    VisitChannel.MESSAGE,
    VisitChannel.VIDEO,
    VisitChannel.IN_PERSON,
)

MISSED_AT_HOME = (
    "敲门没有人应，邻居说去女儿家住几天，改日再来。",
    "家里没有人，电话也没有接通，已请网格员留意。",
)
MISSED_ON_PHONE = ("电话没有接通，晚些时候再打。", "电话关机，已请社区代为转达问候。")

SETTLED = (
    (M.DEED_DONE, "陪同到社区办理了高龄补贴认证。"),
    (M.DEED_DONE, "代买了一周的菜和日用品，送到家里。"),
    (M.DEED_DONE, "上门理发，帮助洗晒被褥。"),
    (M.DEED_DONE, "修好了漏水的水龙头和松动的门锁。"),
    (M.DEED_DONE, "陪同到医院复查，代取了药。"),
    (M.DEED_DONE, "给孩子补习了一个下午的数学。"),
    (M.DIFFICULTY_SOLVED, "更换了老化的电线和插座，消除了用电隐患。"),
    (M.DIFFICULTY_SOLVED, "联系物业补交暖气费，恢复了供暖。"),
    (M.DIFFICULTY_SOLVED, "封堵窗户、挂上门帘，屋里不再漏风。"),
    (M.DIFFICULTY_SOLVED, "联系厂家维修轮椅，换了刹车和坐垫。"),
    (M.DIFFICULTY_SOLVED, "介绍到会员单位做居家手工，每月有了一份收入。"),
    (M.POLICY_DELIVERED, "讲解临时救助的申请办法，帮助备齐了材料。"),
    (M.POLICY_DELIVERED, "讲解残疾人两项补贴，协助在手机上提交申请。"),
    (M.POLICY_DELIVERED, "宣传城乡居民医保参保缴费，帮助完成缴费。"),
    (M.POLICY_DELIVERED, "讲解雨露计划和助学贷款，告诉孩子怎样申请。"),
    (M.POLICY_DELIVERED, "宣传防诈骗和消防安全，发放明白卡。"),
)

RETURNS = (
    "走访日期与上一条记录相同，请核对是不是同一次走访。",
    "请写清楚见到了谁、家里有什么变化。",
    "情况写的是“有困难”，请补充具体是什么困难。",
)

GOALS = (
    "生活有人照应，平安过冬。",
    "按时就医吃药，日常起居有人帮。",
    "孩子安心上学，学习有人辅导。",
    "家庭增加一份稳定收入。",
    "家里没有安全隐患，出行方便。",
)
MEASURES = (
    "每季度至少联系一次，入冬前和春节前上门走访；备好过冬物资。",
    "每月代买一次药和菜，每半年陪同体检一次；家中装呼叫铃。",
    "每周六下午学业辅导，开学前送学习用品；每学期与班主任联系一次。",
    "介绍参加技能培训，联系会员单位提供居家手工；年内试做三个月。",
    "更换老化电线，卫生间装扶手和防滑垫；每季度检查一次。",
)
REVIEWS = (
    "上半年措施都已做到，情况平稳，下半年照此继续。",
    "联系按时，物资已备好；辅导次数不够，下半年补上。",
    "扶手已装好，老人能自己洗澡；还需添一副助行器。",
)
