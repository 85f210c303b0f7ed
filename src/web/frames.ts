/**
 * Frames of the chat socket and of `/ws/presence`, as far as pages read them.
 *
 * @module
 */
// deno-lint-ignore-file camelcase

/** A frame before its type is known. */
export interface Frame {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** A user as frames show them. */
export interface Profile {
  readonly id: string;
  readonly display_name: string;
  readonly is_online?: boolean;
}

/** A message as its readers see it. */
export interface WireMessage {
  readonly id: number;
  readonly sender: string;
  readonly sender_name: string;
  readonly content: string;
  readonly message_type: string;
  readonly file_url: string;
  readonly file_name: string;
  readonly created_at: string;
  readonly is_own: boolean;
  readonly is_read: boolean;
  readonly deleted?: true;
}

/** Frames that the page of a room acts on, by type. */
export interface ChatFrames {
  connection_established: {
    user_profile: Profile;
    epoch: string;
    last_seq: number;
    recovered: boolean;
  };
  chat_message: {
    message: WireMessage;
    seq: number;
    client_msg_id?: string;
  };
  message_deleted: { message_id: number };
  read_status_update: { message_ids: number[]; username: string };
  user_joined: { username: string; user_profile: Profile };
  user_left: { username: string };
  user_typing: { username: string; display_name: string; is_typing: boolean };
  ack: { client_msg_id: string; seq: number };
  gap: { from: number; to: number };
  history: { messages: Frame[]; has_more: boolean };
  room_opened: { participants: Profile[] };
  room_ended: { reason: string };
  room_updated: { name?: string | null; pinned?: string | null };
  system: { message: string; seq: number; at: number };
  video_call_invite: { username: string; message: string };
  error: { code: string; message: string; client_msg_id?: string };
}

/** Frames of `/ws/presence` that pages act on, by type. */
export interface PushFrames {
  presence_established: Record<never, never>;
  heart_link: LinkPush;
  active_rooms_changed: Record<never, never>;
  presence_update: { users: PushedUser[] };
}

/** What became of the user's request. */
export interface LinkPush {
  status: string;
  number: string | null;
  matched_user_name: string | null;
  chat_url: string | null;
}

/** A user's presence. */
export interface PushedUser {
  readonly user_id: string;
  readonly display_name: string;
  readonly status: string;
  readonly is_online: boolean;
}

/** One function for each type of frame that is acted on. */
export type FrameActions<Frames> = {
  readonly [Type in keyof Frames]?: (frame: Frames[Type]) => void;
};

/** Acts on a frame; a type that nobody acts on is passed over. */
export function act<Frames>(
  actions: FrameActions<Frames>,
  frame: Frame,
): void {
  if (!Object.hasOwn(actions, frame.type)) return;
  const action = actions[frame.type as keyof Frames];
  action?.(frame as Frames[keyof Frames]);
}
