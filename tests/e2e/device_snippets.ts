/**
 * The JavaScript of the reference's own document, word for word, and what makes
 * a program of it.
 *
 * Nothing in a block is edited but the host. What comes after the connection is
 * made waits for its opening, as the document says in words; what is heard goes
 * to a function of the surroundings.
 *
 * @module
 */

/** The host that stands in the blocks. */
const HOST = "ws://yourserver:8765";

const CONNECT = `\
const ws = new WebSocket('ws://yourserver:8765');

// 发送身份信息（连接后立即发送）
ws.send(JSON.stringify({
    "device_id": "device_123",
    "identity": "mobile_user",
    "room_id": "ABC123"  // 可选指定房间
}));
`;

const BROADCAST = `\
// 广播给同房间其他设备
ws.send(JSON.stringify({
    "type": "text",
    "content": "Hello from device_123"
}));
`;

const QUERY = `\
ws.send(JSON.stringify({
    "type": "query_room"
}));

// 响应示例
{
    "type": "room_info",
    "room_id": "ABC123",
    "total_clients": 3,
    "clients": [
        {"device_id": "device_456", "identity": "desktop_user"},
        {"device_id": "device_789", "identity": "sensor"}
    ]
}
`;

const [MAKE = "", IDENTIFY = ""] = CONNECT.split(/(?<=\);\n)\n/);
const [ASK = "", ANSWER = ""] = QUERY.split("// 响应示例\n");

/** What a program does when it is told to: a block, or its end. */
export type SnippetStep = "broadcast" | "query" | "close";

/** What the first frame of every connection says. */
export const GREETING =
  '{"type":"connection","message":"Connected successfully"}';

/** What the block `broadcast` sends. */
export const BROADCAST_TEXT =
  '{"type":"text","content":"Hello from device_123"}';

/** The document's example of an answer to `query`, without its spaces. */
export const ROOM_INFO_TEXT = JSON.stringify(JSON.parse(ANSWER));

/** What the one who comes into the room of the document hears. */
export function roomText(status: string): string {
  return `{"type":"room","room_id":"ABC123","status":"${status}",` +
    `"message":"${status}: joined room ABC123"}`;
}

/**
 * The blocks as one program. It connects and identifies at once; `steps` has
 * the others by name. `hear` is called with each message, and with the code
 * when the connection ends.
 */
export function snippetProgram(url: string): string {
  return `
${MAKE.replace(HOST, url)}
ws.onmessage = ({ data }) => hear(data);
ws.onclose = ({ code }) => hear("closed with " + code);
ws.onopen = () => {
${IDENTIFY}
};
globalThis.steps = {
  broadcast() {
${BROADCAST}
  },
  query() {
${ASK}
  },
  close() {
    ws.close(1000);
  },
};
`;
}
