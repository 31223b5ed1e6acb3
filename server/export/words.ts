import type { ExportField, ExportRequest } from '../../shared/protocol/operations.ts';
import type { Nature, Priority, Source, TicketStatus } from '../../shared/domain/tickets.ts';

type Locale = ExportRequest['locale'];

/** The words of a file; those of the screens, which the server does not have. */
interface Words {
  readonly header: Readonly<Record<ExportField, string>>;
  readonly status: Readonly<Record<TicketStatus, string>>;
  readonly priority: Readonly<Record<Priority, string>>;
  readonly nature: Readonly<Record<Nature, string>>;
  readonly source: Readonly<Record<Source, string>>;
  readonly yes: string;
  readonly no: string;
  /** Between several phones, e-mails, choices. */
  readonly and: string;
}

export const words: Readonly<Record<Locale, Words>> = {
  'zh-CN': {
    header: {
      number: '工单编号',
      subject: '主题',
      description: '描述',
      status: '状态',
      priority: '优先级',
      category: '分类',
      nature: '性质',
      source: '来源',
      customer: '客户',
      phones: '电话',
      emails: '邮箱',
      address: '地址',
      tier: '客户组',
      assignee: '处理人',
      group: '受理组',
      createdBy: '创建人',
      createdAt: '创建时间',
      updatedAt: '更新时间',
      dueAt: '到期时间',
      resolvedAt: '完成时间',
      callbackAt: '回访时间',
      invalid: '无效',
      lastNote: '最近备注',
    },
    status: {
      pending: '待处理',
      processing: '处理中',
      waiting: '暂停',
      resolved: '已完成',
      closed: '已关闭',
      released: '已释放',
      suspended: '隔离',
    },
    priority: { low: '低', normal: '中', high: '高', urgent: '紧急' },
    nature: { incident: '孤立事件', problem: '问题隐患', question: '问答咨询', task: '交办任务' },
    source: {
      phone: '电话',
      email: '邮件',
      form: '网页表单',
      api: 'API',
      app: 'APP',
      wechat: '微信',
      chat: '网页会话',
      desktop: '桌面客户端',
    },
    yes: '是',
    no: '否',
    and: '；',
  },
  'en-US': {
    header: {
      number: 'Number',
      subject: 'Subject',
      description: 'Description',
      status: 'Status',
      priority: 'Priority',
      category: 'Category',
      nature: 'Nature',
      source: 'Source',
      customer: 'Customer',
      phones: 'Phones',
      emails: 'E-mails',
      address: 'Address',
      tier: 'Customer group',
      assignee: 'Assignee',
      group: 'Group',
      createdBy: 'Created by',
      createdAt: 'Created',
      updatedAt: 'Updated',
      dueAt: 'Due',
      resolvedAt: 'Resolved',
      callbackAt: 'Callback',
      invalid: 'Invalid',
      lastNote: 'Last note',
    },
    status: {
      pending: 'To do',
      processing: 'Active',
      waiting: 'Paused',
      resolved: 'Resolved',
      closed: 'Closed',
      released: 'Released',
      suspended: 'Suspended',
    },
    priority: { low: 'Low', normal: 'Normal', high: 'High', urgent: 'Urgent' },
    nature: { incident: 'Incident', problem: 'Problem', question: 'Question', task: 'Task' },
    source: {
      phone: 'Phone',
      email: 'E-mail',
      form: 'Web form',
      api: 'API',
      app: 'App',
      wechat: 'WeChat',
      chat: 'Web chat',
      desktop: 'Desktop',
    },
    yes: 'Yes',
    no: 'No',
    and: '; ',
  },
};
