/**
 * The login form.
 *
 * @module
 */
/** @jsxImportSource @hono/hono/jsx */

import type { JSX } from "@hono/hono/jsx/jsx-runtime";
import { Layout } from "./layout.tsx";
import type { PageRequest } from "./page_request.ts";

/** What the form shows. */
export interface LoginView {
  readonly isTokenRequired: boolean;
  /** Where to go afterwards; a path of this server. */
  readonly next: string;
  readonly userId: string;
  readonly nickname: string;
  /** Why it was not taken, by the field. */
  readonly fault: LoginFault | undefined;
}

/** A field that was not taken. */
export interface LoginFault {
  readonly field: "user_id" | "nickname" | "token";
  readonly text: string;
}

interface LoginPageOptions {
  readonly page: PageRequest;
  readonly view: LoginView;
}

/** `/login`. A token is never shown again. */
export function LoginPage({ page, view }: LoginPageOptions): JSX.Element {
  const { words } = page;
  return (
    <Layout page={page} title={words.loginTitle}>
      <main id="main" class="narrow">
        <h1>{words.loginTitle}</h1>
        <form method="post" action="/login" class="card form">
          <input type="hidden" name="next" value={view.next} />
          {view.isTokenRequired
            ? (
              <Field
                name="token"
                label={words.loginToken}
                hint={words.loginTokenHint}
                value=""
                fault={view.fault}
                type="password"
                isFirst
              />
            )
            : (
              <>
                <Field
                  name="user_id"
                  label={words.loginUserId}
                  hint={words.loginUserIdHint}
                  value={view.userId}
                  fault={view.fault}
                  isFirst
                />
                <Field
                  name="nickname"
                  label={words.loginNickname}
                  hint={words.loginNicknameHint}
                  value={view.nickname}
                  fault={view.fault}
                />
              </>
            )}
          <button type="submit" class="strong">{words.logIn}</button>
        </form>
      </main>
    </Layout>
  );
}

interface FieldOptions {
  readonly name: LoginFault["field"];
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly fault: LoginFault | undefined;
  readonly type?: "text" | "password";
  readonly isFirst?: boolean;
}

function Field(options: FieldOptions): JSX.Element {
  const { name, label, hint, value, type = "text", isFirst = false } = options;
  const fault = options.fault?.field === name ? options.fault : undefined;
  return (
    <p class="field">
      <label for={name}>{label}</label>
      <input
        id={name}
        name={name}
        type={type}
        value={value}
        autocomplete={type === "password" ? "off" : "username"}
        autocapitalize="none"
        spellcheck={false}
        required={isFirst}
        autofocus={isFirst || fault !== undefined}
        aria-describedby={fault === undefined
          ? `${name}-hint`
          : `${name}-fault ${name}-hint`}
        aria-invalid={fault === undefined ? undefined : "true"}
      />
      {fault === undefined
        ? null
        : (
          <span class="fault" id={`${name}-fault`} role="alert">
            {fault.text}
          </span>
        )}
      <span class="hint" id={`${name}-hint`}>{hint}</span>
    </p>
  );
}
