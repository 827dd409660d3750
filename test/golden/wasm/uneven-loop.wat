;; ldr x3, [x1]
;; eor x1, x1, #0x40
;; subs x0, x0, #1
;; b.ne #0x801340000

func f0 (locals 4 i32, 3 i64, 2 i32, 2 i64, 1 i32, 2 i64, 1 i32, 1 i64)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  i32.const 0
  i64.load offset=0x100
  local.set 10
  i32.const 0
  i64.load offset=0x108
  local.set 4
  i32.const 0
  i64.load offset=0x118
  local.set 9
  i32.const 0
  i32.load offset=0x4c0
  local.set 11
  i32.const 0
  i64.load offset=0x4c8
  local.set 12
  i32.const 0
  i64.load offset=0x4d0
  local.set 13
  block
    block
      block
        block
          loop
            block
              local.get 0
              i32.const 5
              i32.lt_s
              if
                i32.const 0
                local.get 10
                i64.store offset=0x100
                i32.const 0
                local.get 4
                i64.store offset=0x108
                i32.const 0
                local.get 9
                i64.store offset=0x118
                i32.const 0
                i64.const 34379923456
                i64.store offset=0x410
                i32.const 0
                i32.const 1
                i32.store offset=0x42c
                i32.const -1
                local.set 1
                br 5
              end
              local.get 0
              i32.const 4
              i32.sub
              local.set 0
              block
                block
                  local.get 4
                  local.set 5
                  local.get 5
                  local.set 6
                  local.get 6
                  i32.wrap_i64
                  i32.const 10
                  i32.shr_u
                  i32.const 65520
                  i32.and
                  local.tee 8
                  i64.load offset=0x10000
                  local.get 6
                  i64.xor
                  i64.const 16376
                  i64.gt_u
                  if
                    i32.const 0
                    local.set 2
                    local.get 6
                    i32.const 8
                    i32.const 206
                    call loadSlow
                    local.tee 7
                    i32.const -1
                    i32.eq
                    br_if 1
                  else
                    local.get 6
                    i32.wrap_i64
                    local.get 8
                    i32.load offset=0x10008
                    i32.add
                    local.set 7
                  end
                  local.get 7
                  i64.load
                  local.set 9
                  local.get 4
                  i64.const 64
                  i64.xor
                  local.set 4
                  local.get 10
                  local.set 5
                  i64.const 1
                  local.set 6
                  local.get 5
                  local.set 12
                  local.get 6
                  local.set 13
                  i32.const 4
                  local.set 11
                  local.get 5
                  local.get 6
                  i64.sub
                  local.set 10
                  local.get 12
                  local.get 13
                  i64.ne
                  br_if 2
                  i32.const 0
                  local.get 10
                  i64.store offset=0x100
                  i32.const 0
                  local.get 4
                  i64.store offset=0x108
                  i32.const 0
                  local.get 9
                  i64.store offset=0x118
                  br 5
                  br 1
                end
                i32.const 0
                local.get 10
                i64.store offset=0x100
                i32.const 0
                local.get 4
                i64.store offset=0x108
                i32.const 0
                local.get 9
                i64.store offset=0x118
                local.get 0
                i32.const 4
                i32.add
                local.get 2
                i32.const 2
                i32.shr_u
                i32.sub
                local.set 0
                i32.const 0
                local.get 2
                i64.extend_i32_u
                i64.const 34379923456
                i64.add
                i64.store offset=0x410
                i32.const 0
                i32.const 2
                i32.store offset=0x42c
                i32.const -1
                local.set 1
                br 5
              end
            end
            local.get 4
            local.set 6
            local.get 6
            i32.wrap_i64
            i32.const 10
            i32.shr_u
            i32.const 65520
            i32.and
            local.tee 7
            i64.load offset=0x10000
            local.get 6
            i64.xor
            i64.const 16376
            i64.gt_u
            br_if 0
            local.get 7
            i32.load offset=0x10008
            local.set 14
            local.get 6
            i64.const -16384
            i64.and
            local.set 15
            local.get 0
            i32.const 5
            i32.ge_s
            i32.eqz
            br_if 0
            loop
              block
                local.get 0
                i32.const 4
                i32.sub
                local.set 0
                block
                  block
                    local.get 4
                    local.set 6
                    local.get 6
                    local.set 5
                    local.get 5
                    i32.wrap_i64
                    local.get 14
                    i32.add
                    local.set 7
                    local.get 7
                    i64.load
                    local.set 9
                    local.get 4
                    i64.const 64
                    i64.xor
                    local.set 4
                    local.get 10
                    local.set 6
                    i64.const 1
                    local.set 5
                    local.get 6
                    local.set 12
                    local.get 5
                    local.set 13
                    i32.const 4
                    local.set 11
                    local.get 6
                    local.get 5
                    i64.sub
                    local.set 10
                    local.get 12
                    local.get 13
                    i64.ne
                    br_if 2
                    i32.const 0
                    local.get 10
                    i64.store offset=0x100
                    i32.const 0
                    local.get 4
                    i64.store offset=0x108
                    i32.const 0
                    local.get 9
                    i64.store offset=0x118
                    br 6
                  end
                end
              end
              local.get 4
              local.get 15
              i64.xor
              i64.const 16376
              i64.gt_u
              br_if 1
              local.get 0
              i32.const 5
              i32.ge_s
              br_if 0
              br 1
            end
          end
        end
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const -234881024
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923472
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
    i32.const 0
    local.get 11
    i32.store offset=0x4c0
    i32.const 0
    local.get 12
    i64.store offset=0x4c8
    i32.const 0
    local.get 13
    i64.store offset=0x4d0
  end
  local.get 1
end
