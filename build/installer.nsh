; Asked at a real removal, not when an update replaces the app: a computer that is given away should keep no customer's data.
; Silent removals (/S) erase it, unless --keep-data is said.
!macro customUnInstall
  ${ifNot} ${isUpdated}
    StrCpy $R8 "erase"
    ${GetParameters} $R9
    ClearErrors
    ${GetOptions} $R9 "--keep-data" $R7
    ${ifNot} ${Errors}
      StrCpy $R8 "keep"
    ${elseIfNot} ${Silent}
      MessageBox MB_YESNO|MB_ICONQUESTION "同时删除本机上的工单、草稿和日志吗？未同步的操作会丢失。$\r$\nAlso erase the tickets, drafts and logs on this computer? What has not been synced is lost." /SD IDYES IDYES +2
      StrCpy $R8 "keep"
    ${endIf}
    ${if} $R8 == "erase"
      ; The data of the account that removes it. Other accounts of this computer: docs/deploy-client.md.
      SetShellVarContext current
      RMDir /r "$APPDATA\${PRODUCT_NAME}"
      ${if} $installMode == "all"
        SetShellVarContext all
      ${endIf}
    ${endIf}
  ${endIf}
!macroend
